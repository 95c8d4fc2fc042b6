interface Row {
  /** The price library's names of the providers. */
  providers: readonly string[];
  /** Default: all models. */
  models?: RegExp;
  factors: Readonly<Record<string, number>>;
}

const OPENAI = ["openai", "azure"];

/**
 * Prices of services as factors of the list price, from the providers' own price pages. The first row that has a factor
 * counts. Every unit that is charged by tokens has the same factor; searches and calls have none.
 */
const ROWS: readonly Row[] = [
  { providers: OPENAI, models: /^gpt-5\.5(?!-pro)/, factors: { priority: 2.5 } },
  { providers: OPENAI, models: /^gpt-5-mini/, factors: { priority: 1.8 } },
  {
    providers: OPENAI,
    models: /^gpt-5(?:\.[12346])?(?:-codex|-sol|-terra|-luna)?(?:-\d{4}-\d\d-\d\d)?$|^gpt-5\.4-mini/,
    factors: { priority: 2 },
  },
  { providers: OPENAI, models: /^gpt-4\.1-nano/, factors: { priority: 2 } },
  {
    providers: OPENAI,
    models: /^gpt-4\.1|^gpt-4o-2024-05-13$|^o3(?:-\d{4}-\d\d-\d\d)?$/,
    factors: { priority: 1.75 },
  },
  { providers: OPENAI, models: /^gpt-4o-mini(?:-\d{4}-\d\d-\d\d)?$/, factors: { priority: 5 / 3 } },
  { providers: OPENAI, models: /^gpt-4o(?:-\d{4}-\d\d-\d\d)?$/, factors: { priority: 1.7 } },
  { providers: OPENAI, models: /^o4-mini(?:-\d{4}-\d\d-\d\d)?$/, factors: { priority: 2 / 1.1 } },
  { providers: ["openai"], factors: { flex: 0.5 } },
  { providers: ["openai"], models: /^gpt-(?:5\.[4-9]|[6-9])/, factors: { regional: 1.1 } },
  { providers: ["openai"], factors: { regional: 1 } },
  { providers: OPENAI, factors: { batch: 0.5 } },
  { providers: ["anthropic"], models: /^claude-opus-4-[67]/, factors: { fast: 6 } },
  { providers: ["anthropic"], models: /^claude-opus-(?:4-8|5)/, factors: { fast: 2 } },
  {
    providers: ["anthropic"],
    models: /^claude-(?:(?:opus|sonnet|haiku)-(?:4-[6-9]|[5-9])|fable)/,
    factors: { regional: 1.1 },
  },
  { providers: ["anthropic"], factors: { batch: 0.5 } },
  // Google says "75 % to 100 % more"; only the price lists of these models were read.
  { providers: ["google"], models: /^gemini-(?:2\.5|3(?:\.1)?)-/, factors: { priority: 1.8 } },
  { providers: ["google"], models: /^gemini-(?:2\.5|[3-9])/, factors: { flex: 0.5 } },
  { providers: ["google"], factors: { batch: 0.5 } },
  // Claude has neither tier there.
  { providers: ["aws"], models: /^(?!claude)/, factors: { priority: 1.75, flex: 0.5 } },
  { providers: ["aws"], factors: { batch: 0.5 } },
  { providers: ["x-ai"], factors: { regional: 1.1 } },
  { providers: ["groq"], factors: { flex: 1, batch: 0.5 } },
  // The discounts of xAI (20 % to 50 %) and Together ("up to 50 %") depend on the model, so they are unknown.
  { providers: ["mistral", "fireworks"], factors: { batch: 0.5 } },
  { providers: ["voyageai"], factors: { batch: 0.67 } },
];

/** Null: unknown. */
export function factorOf(libraryId: string | null, model: string, service: string): number | null {
  if (libraryId === null) return null;
  // OpenAI's newer name of the same tier.
  if (service === "fast" && OPENAI.includes(libraryId)) return factorOf(libraryId, model, "priority");
  for (const { providers, models, factors } of ROWS) {
    if (!Object.hasOwn(factors, service) || !providers.includes(libraryId)) continue;
    if (!models || models.test(model)) return factors[service] ?? null;
  }
  return null;
}

/** Models whose priority price may not be known here yet, and the highest factor of any known model. */
const NEW_MODELS = /^gpt-(?:5\.[5-9]|[6-9])/;
const HIGHEST_FACTOR = 2.5;

/**
 * The factors of what a provider may choose. A project of OpenAI can be set to priority for requests that do not name a
 * tier; a workspace of Anthropic can be set to a region.
 */
export function openFactors(
  libraryId: string | null,
  model: string,
  of: (service: string) => number | null,
): { tier: number; region: number } {
  const isOpenAi = libraryId !== null && OPENAI.includes(libraryId);
  const tier = isOpenAi ? (of("priority") ?? (NEW_MODELS.test(model) ? HIGHEST_FACTOR : 1)) : 1;
  return { tier, region: libraryId === "anthropic" ? (of("regional") ?? 1) : 1 };
}
