import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { blocked } from "./blocked.ts";
import { isPublicAddress } from "./public-address.ts";

/** A `dns.lookup` that fails with code EBLOCKED if any address of the name is not public. So the used address is checked. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, "", 0);
    const first = addresses[0];
    if (!first || addresses.some(({ address }) => !isPublicAddress(address))) {
      return callback(blocked(hostname), "", 0);
    }
    if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
