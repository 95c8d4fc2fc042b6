import type { Signer } from "./signer.ts";

/** Sends the secret alone in a header of this name. */
export const header =
  (name: string): Signer =>
  ({ headers }, { secret }) => {
    if (secret !== "") headers.push(name, secret);
  };
