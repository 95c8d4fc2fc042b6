import type { KnownModel } from "@tollgate/catalog/models";
import type { z } from "zod";
import { decimal } from "./decimal.ts";
import type { CatalogueModel } from "./schemas.ts";

export const presentKnown = (model: KnownModel): z.infer<typeof CatalogueModel> => ({
  id: model.id,
  name: model.name,
  inputPerMillionUsd: decimal(model.inputPerMillionUsd),
  outputPerMillionUsd: decimal(model.outputPerMillionUsd),
  contextTokens: model.contextWindow,
});
