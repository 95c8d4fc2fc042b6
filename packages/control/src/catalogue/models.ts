import { knownModels } from "@tollgate/catalog/models";
import { providerById } from "@tollgate/catalog/providers";
import { notFound } from "../failure.ts";
import { items } from "../fields.ts";
import { verb } from "../verb.ts";
import { decimal } from "./decimal.ts";
import { CatalogueModel, ListCatalogueModels } from "./schemas.ts";

/** Known models of a provider with current prices. Other names are allowed too. */
export const listCatalogueModels = verb({
  name: "catalogue.models",
  action: "catalogue:read",
  input: ListCatalogueModels,
  output: items(CatalogueModel),
  http: { method: "GET", path: "/catalogue/models" },
  run: async ({ ctx, input: { provider } }) => {
    if (!providerById(provider)) throw notFound("provider");
    const models = knownModels(provider, ctx.services.now()).map((model) => ({
      id: model.id,
      name: model.name,
      inputPerMillionUsd: decimal(model.inputPerMillionUsd),
      outputPerMillionUsd: decimal(model.outputPerMillionUsd),
      contextTokens: model.contextWindow,
    }));
    return { items: models };
  },
});
