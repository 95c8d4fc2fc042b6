import { z } from "zod";
import { Usd } from "../fields.ts";

export const Provider = z.object({
  id: z.string(),
  name: z.string(),
  dialect: z.string(),
  defaultBaseUrl: z.string(),
  /** Example of a secret, for a form's placeholder. */
  secretHint: z.string(),
});

export const CatalogueModel = z.object({
  id: z.string(),
  name: z.string(),
  inputPerMillionUsd: Usd.nullable(),
  outputPerMillionUsd: Usd.nullable(),
  contextTokens: z.int().nullable(),
});

export const ListCatalogueModels = z.strictObject({ provider: z.string().trim().min(1).max(50) });
