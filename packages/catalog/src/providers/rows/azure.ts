import { compatible } from "../compatible.ts";
import type { CredentialField } from "../credential-field.ts";
import type { CredentialScheme } from "../credential-scheme.ts";
import type { Provider } from "../provider.ts";
import { AUDIO, COMPLETION, COMPLETION_BOUND, EMBED, IMAGE, IMAGE_EDIT, RESPONSES } from "../servings.ts";

const RESOURCE: CredentialField = {
  ...{ name: "resource", label: "Resource name", hint: "my-resource", isOptional: false, isOnlyInUrl: true },
};
const KEY: CredentialField = { name: "secret", label: "API key", hint: "Key 1 of the resource", isOptional: false };

/** An application of Entra that has a role on the resource. */
const entra = (...more: readonly CredentialField[]): CredentialScheme => ({
  auth: "entra",
  name: "Microsoft Entra ID",
  credential: [
    RESOURCE,
    ...more,
    { name: "tenantId", label: "Tenant ID", hint: "00000000-0000-0000-0000-000000000000", isOptional: false },
    { name: "clientId", label: "Client ID", hint: "00000000-0000-0000-0000-000000000000", isOptional: false },
    { name: "clientSecret", label: "Client secret", hint: "Value of the client secret", isOptional: false },
    {
      ...{ name: "tokenUrl", label: "Token URL", isOptional: true },
      hint: "https://login.microsoftonline.us/…/oauth2/v2.0/token",
    },
  ],
});

/** The models are the names of deployments. */
export const AZURE: Provider = compatible({
  id: "azure",
  name: "Azure OpenAI",
  defaultBaseUrl: "https://{resource}.openai.azure.com/openai/v1",
  auth: "api-key",
  credential: [RESOURCE, KEY],
  alternatives: [entra()],
  test: { path: "/models", provesSecret: true },
  // Its list has the models that can be deployed, not the deployments.
  list: null,
  priceProviderId: "azure",
  differences: {
    ...COMPLETION_BOUND,
    takesLateSystem: true,
    exceptModels: /codex|deep-research|computer-use|^(?:o\d|gpt-\d[\d.]*)-pro/,
  },
  alsoServes: { ...RESPONSES, ...COMPLETION, ...EMBED, ...IMAGE, ...IMAGE_EDIT, ...AUDIO },
});
