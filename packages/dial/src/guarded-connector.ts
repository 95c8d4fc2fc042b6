import { isIPv6 } from "node:net";
import { hostEntries } from "@tollgate/policy/host-rule";
import { buildConnector } from "undici";
import { blocked } from "./blocked.ts";
import { guardedLookup } from "./guarded-lookup.ts";
import { isPrivateLiteral } from "./public-address.ts";

export interface GuardedConnectorOptions {
  connectTimeoutMs: number;
  /** `host` or `host:port` to connect to although they are private or plain http, in lower case. */
  privateHosts: readonly string[];
}

/**
 * Connects to the given private hosts without a check. Every other name is resolved, and its addresses are checked on
 * their bytes. A connection that is not allowed fails with code EBLOCKED.
 */
export function guardedConnector({
  connectTimeoutMs,
  privateHosts,
}: GuardedConnectorOptions): buildConnector.connector {
  const common = { timeout: connectTimeoutMs, allowH2: false };
  const plain = buildConnector(common);
  const guarded = buildConnector({ ...common, lookup: guardedLookup } as buildConnector.BuildOptions);
  const granted = new Set(privateHosts);
  return (options, callback) => {
    const { port, protocol } = options;
    // URLs and settings write an IPv6 address in brackets; undici removes them.
    const hostname = isIPv6(options.hostname) ? `[${options.hostname}]` : options.hostname;
    if (hostEntries({ hostname, protocol, port }).some((entry) => granted.has(entry))) {
      plain(options, callback);
    } else if (protocol !== "https:" || isPrivateLiteral(hostname)) {
      callback(blocked(hostname), null);
    } else {
      guarded(options, callback);
    }
  };
}
