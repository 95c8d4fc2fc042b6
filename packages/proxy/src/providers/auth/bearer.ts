import type { Signer } from "./signer.ts";

export const bearer: Signer = ({ headers }, { secret }) => {
  if (secret !== "") headers.push("authorization", `Bearer ${secret}`);
};
