import { compatible, type Differences } from "../compatible.ts";
import type { CredentialField } from "../credential-field.ts";
import type { CredentialScheme } from "../credential-scheme.ts";
import type { Provider } from "../provider.ts";
import type { Serving } from "../serving.ts";
import {
  AUDIO,
  COMPLETION,
  COMPLETION_BOUND,
  EMBED,
  IMAGE,
  IMAGE_EDIT,
  RESPONSES,
  SEARCH_MODELS,
} from "../servings.ts";

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

const DIFFERENCES: Differences = {
  ...COMPLETION_BOUND,
  takesLateSystem: true,
  exceptModels: /codex|deep-research|computer-use|^(?:o\d|gpt-\d[\d.]*)-pro/,
};

/**
 * The models are the names of deployments. Deployments of the type Global Standard cost what OpenAI lists; others need a price
 * of their own.
 */
const AZURE: Provider = compatible({
  id: "azure",
  name: "Azure OpenAI",
  defaultBaseUrl: "https://{resource}.openai.azure.com/openai/v1",
  addsPath: true,
  auth: "api-key",
  credential: [RESOURCE, KEY],
  alternatives: [entra()],
  test: { path: "/models", provesSecret: true },
  // Its list has the models that can be deployed, not the deployments.
  list: null,
  priceProviderId: "openai",
  differences: DIFFERENCES,
  searchesInChat: SEARCH_MODELS,
  alsoServes: { ...RESPONSES, ...COMPLETION, ...EMBED, ...IMAGE, ...IMAGE_EDIT, ...AUDIO },
});

const VERSION: CredentialField = { name: "apiVersion", label: "API version", hint: "2024-10-21", isOptional: false };
const QUERY = "api-version={apiVersion}";

/** The path of an operation of a deployment. */
const deployed = (path: string): Serving => ({ path: `/deployments/{model}${path}?${QUERY}` });

/** For clouds and resources that do not have the API `v1`. */
const AZURE_DATED: Provider = {
  ...AZURE,
  id: "azure-dated",
  name: "Azure OpenAI (dated API versions)",
  defaultBaseUrl: "https://{resource}.openai.azure.com/openai",
  credential: [RESOURCE, VERSION, KEY],
  alternatives: [entra(VERSION)],
  serves: {
    "openai-chat": { ...DIFFERENCES, ...deployed("/chat/completions") },
    "openai-completion": deployed("/completions"),
    "openai-embed": deployed("/embeddings"),
    "openai-image": deployed("/images/generations"),
    "openai-image-edit": deployed("/images/edits"),
    "openai-speech": deployed("/audio/speech"),
    "openai-transcribe": deployed("/audio/transcriptions"),
    "openai-translate": deployed("/audio/translations"),
  },
  test: { path: `/models?${QUERY}`, provesSecret: true },
};

export const AZURES: readonly Provider[] = [AZURE, AZURE_DATED];
