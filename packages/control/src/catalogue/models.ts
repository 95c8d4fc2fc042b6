import { knownModels } from "@tollgate/catalog/models";
import { providerById } from "@tollgate/catalog/providers";
import { notFound } from "../failure.ts";
import { items } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentKnown } from "./present-known.ts";
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
    return { items: knownModels(provider, ctx.services.now()).map(presentKnown) };
  },
});
