/** Google's words for what vectors are for, by Cohere's. */
const TASKS: ReadonlyMap<string, string> = new Map([
  ["search_document", "RETRIEVAL_DOCUMENT"],
  ["search_query", "RETRIEVAL_QUERY"],
  ["classification", "CLASSIFICATION"],
  ["clustering", "CLUSTERING"],
]);
const INPUT_TYPES = new Map([...TASKS].map(([type, task]) => [task, type]));

/** What the vectors are for, in Google's words. */
export const taskOf = (inputType: string | null): string | undefined =>
  inputType === null ? undefined : (TASKS.get(inputType) ?? inputType.toUpperCase());

/** Null: only Google has this task. */
export const inputTypeOf = (task: string): string | null => INPUT_TYPES.get(task) ?? null;
