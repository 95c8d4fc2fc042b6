import type { Provider } from "../provider.ts";
import { ONE_MODEL } from "../servings.ts";

/** Claude's names, as Vertex writes them: `claude-sonnet-4-5@20250929`. */
const EXCEPT_CLAUDE = /^claude-/;
const ONLY_CLAUDE = /^(?!claude-)/;
/** Open models have the name of their publisher before a slash. */
const ONLY_OPEN = /^[^/]*$|^claude-/;
const EXCEPT_OTHERS = /^claude-|\//;

const PROJECT = "/v1/projects/{project}/locations/{region}";

/** Models of Google and of others in a project of Google Cloud. */
export const VERTEX: Provider = {
  id: "vertex",
  name: "Google Vertex AI",
  defaultBaseUrl: `https://{region}-aiplatform.googleapis.com${PROJECT}`,
  specialBaseUrls: [
    { field: "region", value: "global", baseUrl: `https://aiplatform.googleapis.com${PROJECT}` },
    { field: "region", value: "us", baseUrl: `https://aiplatform.us.rep.googleapis.com${PROJECT}` },
    { field: "region", value: "eu", baseUrl: `https://aiplatform.eu.rep.googleapis.com${PROJECT}` },
  ],
  auth: "google-oauth",
  authName: "Service account",
  credential: [
    { name: "project", label: "Project ID", hint: "my-project", isOptional: false, isOnlyInUrl: true },
    { name: "region", label: "Location", hint: "global, us-central1, …", isOptional: false, isOnlyInUrl: true },
    { name: "serviceAccount", label: "Key file", hint: '{ "type": "service_account", … }', isOptional: false },
    { name: "tokenUrl", label: "Token URL", hint: "https://oauth2.googleapis.com/token", isOptional: true },
  ],
  serves: {
    "google-generate": {
      path: "/publishers/google/models/{model}:generateContent",
      exceptModels: EXCEPT_OTHERS,
      tierHeader: "x-vertex-ai-llm-shared-request-type",
    },
    "google-count": { path: "/publishers/google/models/{model}:countTokens", exceptModels: EXCEPT_OTHERS },
    "anthropic-messages": {
      path: "/publishers/anthropic/models/{model}:rawPredict",
      versionInBody: "vertex-2023-10-16",
      takesImageUrls: false,
      exceptModels: ONLY_CLAUDE,
      ...ONE_MODEL,
    },
    "anthropic-count": {
      path: "/publishers/anthropic/models/count-tokens:rawPredict",
      versionInBody: "vertex-2023-10-16",
      exceptModels: ONLY_CLAUDE,
    },
    "openai-chat": { path: "/endpoints/openapi/chat/completions", exceptModels: ONLY_OPEN },
    "google-predict": { path: "/publishers/google/models/{model}:predict", exceptModels: EXCEPT_CLAUDE },
  },
  test: {
    path: "/cachedContents?pageSize=1",
    provesSecret: true,
    wrongRegion: ["is not supported", "Unsupported region"],
  },
  list: null,
  priceProviderId: "google",
};
