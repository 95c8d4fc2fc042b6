import { AUTH_SCHEMES, CREDENTIAL_FIELDS } from "@tollgate/catalog/providers";
import { z } from "zod";
import { Usd } from "../fields.ts";

const Field = z.object({
  name: z.enum(CREDENTIAL_FIELDS),
  label: z.string(),
  /** An example of the value. */
  hint: z.string(),
  isOptional: z.boolean(),
  /** It is a part of the default base URL, and not needed with another one. */
  isOnlyInUrl: z.boolean(),
  /** It is never shown again. */
  isSecret: z.boolean(),
});

export const Provider = z.object({
  id: z.string(),
  name: z.string(),
  dialect: z.string(),
  defaultBaseUrl: z.string(),
  /** An example of a base URL, where there is no default; otherwise empty. */
  baseUrlExample: z.string(),
  /** Whether it can list the models of a credential. */
  listsModels: z.boolean(),
  /** Example of a secret, for a form's placeholder. */
  secretHint: z.string(),
  /** The fields of the first scheme, in the order of a form. `name` is the field of `POST /credentials`. */
  credential: z.array(Field),
  /** All ways to authenticate. `scheme` of `POST /credentials` names one. */
  schemes: z.array(z.object({ id: z.enum(AUTH_SCHEMES), name: z.string(), fields: z.array(Field) })),
});

export const CatalogueModel = z.object({
  id: z.string(),
  name: z.string(),
  inputPerMillionUsd: Usd.nullable(),
  outputPerMillionUsd: Usd.nullable(),
  contextTokens: z.int().nullable(),
});

export const ListCatalogueModels = z.strictObject({ provider: z.string().trim().min(1).max(50) });
