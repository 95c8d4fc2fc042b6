import type { CatalogueModel } from "@tollgate/control/catalogue/schemas";
import type { Credential } from "@tollgate/control/credentials/schemas";
import type { z } from "zod";

/** By provider: its models in the catalogue. */
export type Suggestions = Record<string, z.infer<typeof CatalogueModel>[]>;

/** What a target can point to. */
export interface ModelChoices {
  credentials: readonly Credential[];
  suggestions: Suggestions;
}
