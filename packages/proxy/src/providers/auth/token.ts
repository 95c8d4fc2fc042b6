import type { Signer } from "./signer.ts";

/** Deepgram's scheme: a key is a token, and only a short-lived JWT is a bearer. */
export const token: Signer = ({ headers }, { secret }) => {
  if (secret !== "") headers.push("authorization", `Token ${secret}`);
};
