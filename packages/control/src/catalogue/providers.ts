import { PROVIDERS, type Provider as ProviderRow } from "@tollgate/catalog/providers";
import { items, Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { Provider } from "./schemas.ts";

/** `dialect` is the family of the provider's own wire: `openai` of `openai-chat`. */
const present = ({ id, name, defaultBaseUrl, serves, credential }: ProviderRow) => ({
  id,
  name,
  dialect: Object.keys(serves)[0]?.split("-")[0] ?? "",
  defaultBaseUrl,
  secretHint: credential[0]?.hint ?? "",
  credential: credential.map((field) => ({ ...field })),
});

/** The providers for which a credential can be stored. */
export const listCatalogueProviders = verb({
  name: "catalogue.providers",
  action: "catalogue:read",
  input: Nothing,
  output: items(Provider),
  http: { method: "GET", path: "/catalogue/providers" },
  run: async () => ({ items: PROVIDERS.map(present) }),
});
