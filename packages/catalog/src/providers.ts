import type { Provider } from "./providers/provider.ts";
import { ANTHROPIC } from "./providers/rows/anthropic.ts";
import { AZURES } from "./providers/rows/azure.ts";
import { BEDROCK } from "./providers/rows/bedrock.ts";
import { CUSTOM } from "./providers/rows/custom.ts";
import { EMBEDDERS } from "./providers/rows/embedders.ts";
import { GOOGLE } from "./providers/rows/google.ts";
import { HOSTS } from "./providers/rows/hosts.ts";
import { MAKERS } from "./providers/rows/makers.ts";
import { OPENAI } from "./providers/rows/openai.ts";
import { SELF_HOSTED } from "./providers/rows/self-hosted.ts";
import { VERTEX } from "./providers/rows/vertex.ts";
import { VOICES } from "./providers/rows/voices.ts";

export * from "./providers/credential-field.ts";
export type { CredentialProbe } from "./providers/credential-probe.ts";
export * from "./providers/credential-scheme.ts";
export * from "./providers/default-base-url.ts";
export type { ModelListing } from "./providers/model-listing.ts";
export type { Provider, Stores } from "./providers/provider.ts";
export * from "./providers/schemes-of.ts";
export type { FieldDifference, Serving } from "./providers/serving.ts";
export { SEARCH_MODELS } from "./providers/servings.ts";

/** In the order in which forms offer them. */
export const PROVIDERS: readonly Provider[] = [
  OPENAI,
  ANTHROPIC,
  GOOGLE,
  ...AZURES,
  VERTEX,
  BEDROCK,
  ...MAKERS,
  ...HOSTS,
  ...EMBEDDERS,
  ...VOICES,
  ...SELF_HOSTED,
  ...CUSTOM,
];

const byId = new Map(PROVIDERS.map((provider) => [provider.id, provider]));

/** Undefined: no such row. */
export const providerById = (id: string): Provider | undefined => byId.get(id);
