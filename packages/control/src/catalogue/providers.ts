import {
  type CredentialField,
  PROVIDERS,
  type Provider as ProviderRow,
  ruleOf,
  schemesOf,
} from "@tollgate/catalog/providers";
import { items, Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { Provider } from "./schemas.ts";

const fieldOf = ({ isOnlyInUrl = false, ...field }: CredentialField) => ({
  ...{ ...field, isOnlyInUrl },
  isSecret: ruleOf(field.name).isSecret,
});

/** `dialect` is the family of the provider's own wire: `openai` of `openai-chat`. */
const present = (provider: ProviderRow) => ({
  id: provider.id,
  name: provider.name,
  dialect: Object.keys(provider.serves)[0]?.split("-")[0] ?? "",
  defaultBaseUrl: provider.defaultBaseUrl,
  baseUrlExample: provider.baseUrlExample ?? "",
  listsModels: provider.list !== null,
  secretHint: provider.credential.find(({ name }) => ruleOf(name).isSecret)?.hint ?? "",
  credential: provider.credential.map(fieldOf),
  schemes: schemesOf(provider).map(({ auth, name, credential }) => ({
    id: auth,
    name,
    fields: credential.map(fieldOf),
  })),
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
