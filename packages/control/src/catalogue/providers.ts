import { PROVIDERS } from "@tollgate/catalog/providers";
import { items, Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { Provider } from "./schemas.ts";

/** The providers one can store a credential of. */
export const listCatalogueProviders = verb({
  name: "catalogue.providers",
  action: "catalogue:read",
  input: Nothing,
  output: items(Provider),
  http: { method: "GET", path: "/catalogue/providers" },
  run: async () => ({ items: [...PROVIDERS] }),
});
