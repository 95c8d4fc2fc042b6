import { createHmac } from "node:crypto";
import { headers } from "next/headers";
import { env } from "@/env.ts";

/** Written by `note-client-address.ts` on each request as it arrives. */
export const CLIENT_ADDRESS = "x-tollgate-client-address";

/** Stands before the address, so that a header which a client sent is never taken for ours. */
export const clientAddressProof = (): string =>
  createHmac("sha256", env().NEXTAUTH_SECRET).update(CLIENT_ADDRESS).digest("hex");

/** The address in that header; null when it is not ours. */
export function readClientAddress(header: string | null | undefined): string | null {
  const [proof, address] = header?.split(" ") ?? [];
  return proof === clientAddressProof() ? (address ?? null) : null;
}

/** The address a request came from, for the audit log and for throttling. */
export const clientAddress = async (): Promise<string | null> =>
  readClientAddress((await headers()).get(CLIENT_ADDRESS));
