import type { CatalogueModel } from "@tollgate/control/catalogue/schemas";
import type { Credential } from "@tollgate/control/credentials/schemas";
import type { z } from "zod";

/** The models of each provider in the catalogue. */
export type Suggestions = Record<string, z.infer<typeof CatalogueModel>[]>;

/** The choices for a target. */
export interface ModelChoices {
  credentials: readonly Credential[];
  suggestions: Suggestions;
}
