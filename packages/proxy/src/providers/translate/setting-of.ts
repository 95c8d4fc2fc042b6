/** Cohere's names, and those of fields inside an object. */
const OTHERS: Readonly<Record<string, string>> = { p: "topP", k: "topK", effort: "reasoning", summary: "reasoning" };

/** The AI SDK's setting that a field of a provider's format is made from. */
export function settingOf(field: string): string {
  const last = field.slice(field.lastIndexOf(".") + 1);
  return OTHERS[last] ?? last.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
