import type { CredentialField } from "./credential-field.ts";
import { OPENAI_LISTING } from "./model-listing.ts";
import type { Provider } from "./provider.ts";
import type { Serving } from "./serving.ts";

/** The one field of most credentials. */
export const apiKey = (hint: string, isOptional = false): readonly CredentialField[] => [
  { name: "secret", label: "API key", hint, isOptional },
];

/** What differs at a provider that serves OpenAI's chat format. */
export type Differences = Omit<Serving, "path">;
type Compatible = Pick<Provider, "id" | "name" | "defaultBaseUrl"> &
  Partial<Provider> & { differences?: Differences; alsoServes?: Provider["serves"] };

/** A provider that serves OpenAI's chat format. */
export const compatible = ({ differences, alsoServes, ...row }: Compatible): Provider => ({
  auth: "bearer",
  credential: apiKey("API key"),
  serves: { "openai-chat": { path: "/chat/completions", ...differences }, ...alsoServes },
  test: { path: "/models", provesSecret: !row.credential?.some(({ isOptional }) => isOptional) },
  list: OPENAI_LISTING,
  priceProviderId: null,
  ...row,
});
