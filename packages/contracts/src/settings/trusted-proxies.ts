import { z } from "zod";

/** Addresses that begin with the first `prefix` bits of `address`. */
export interface AddressRange {
  address: string;
  family: "ipv4" | "ipv6";
  prefix: number;
}

const FAMILIES = [
  { family: "ipv4", address: z.ipv4(), bits: 32 },
  { family: "ipv6", address: z.ipv6(), bits: 128 },
] as const;

/**
 * Reads `10.0.0.5, 10.1.0.0/16, ::1`: addresses and ranges, separated by commas. Throws an Error that says which entry is
 * wrong and what was expected.
 */
export const parseTrustedProxies = (text: string): AddressRange[] =>
  text.split(",").flatMap((part) => (part.trim() ? [rangeOf(part.trim())] : []));

function rangeOf(entry: string): AddressRange {
  const [address = "", bits, ...rest] = entry.split("/");
  const found = FAMILIES.find((family) => family.address.safeParse(address).success);
  const prefix = bits === undefined ? found?.bits : /^\d{1,3}$/.test(bits) ? Number(bits) : undefined;
  if (!found || prefix === undefined || rest.length > 0 || prefix < 1 || prefix > found.bits)
    throw new Error(`expected addresses or ranges such as 10.0.0.5 or 10.1.0.0/16, not ${JSON.stringify(entry)}`);
  return { address, family: found.family, prefix };
}
