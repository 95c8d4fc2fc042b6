import type { CatalogueModel } from "@tollgate/control/catalogue/schemas";
import type { Credential } from "@tollgate/control/credentials/schemas";
import type { z } from "zod";

/** Provider → models the catalogue knows of it. */
export type Suggestions = Record<string, z.infer<typeof CatalogueModel>[]>;

/** What a target can point to. */
export interface ModelChoices {
  credentials: readonly Credential[];
  suggestions: Suggestions;
}
