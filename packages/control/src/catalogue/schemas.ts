import { CREDENTIAL_FIELDS } from "@tollgate/catalog/providers";
import { z } from "zod";
import { Usd } from "../fields.ts";

export const Provider = z.object({
  id: z.string(),
  name: z.string(),
  dialect: z.string(),
  defaultBaseUrl: z.string(),
  /** Example of a secret, for a form's placeholder. */
  secretHint: z.string(),
  /** What a credential needs, in the order of a form. `name` is the field of `POST /credentials`. */
  credential: z.array(
    z.object({
      name: z.enum(CREDENTIAL_FIELDS),
      label: z.string(),
      /** An example of the value. */
      hint: z.string(),
      isOptional: z.boolean(),
    }),
  ),
});

export const CatalogueModel = z.object({
  id: z.string(),
  name: z.string(),
  inputPerMillionUsd: Usd.nullable(),
  outputPerMillionUsd: Usd.nullable(),
  contextTokens: z.int().nullable(),
});

export const ListCatalogueModels = z.strictObject({ provider: z.string().trim().min(1).max(50) });
