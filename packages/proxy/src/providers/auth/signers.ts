import type { AuthScheme } from "@tollgate/catalog/providers";
import { bearer } from "./bearer.ts";
import { header } from "./header.ts";
import type { Signer } from "./signer.ts";

export const SIGNERS: Readonly<Record<AuthScheme, Signer>> = {
  bearer,
  "x-api-key": header("x-api-key"),
  "x-goog-api-key": header("x-goog-api-key"),
};
