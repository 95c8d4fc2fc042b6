import { createHmac } from "node:crypto";
import { headers } from "next/headers";
import { env } from "@/env.ts";

/** `note-client-address.ts` writes this header on each request on arrival. */
export const CLIENT_ADDRESS = "x-tollgate-client-address";

/** Prefix of the address, so that a header of a client is not accepted. */
export const clientAddressProof = (): string =>
  createHmac("sha256", env().NEXTAUTH_SECRET).update(CLIENT_ADDRESS).digest("hex");

/** The address in that header; null if the prefix is wrong. */
export function readClientAddress(header: string | null | undefined): string | null {
  const [proof, address] = header?.split(" ") ?? [];
  return proof === clientAddressProof() ? (address ?? null) : null;
}

/** The client address of a request, for the audit log and for throttling. */
export const clientAddress = async (): Promise<string | null> =>
  readClientAddress((await headers()).get(CLIENT_ADDRESS));
