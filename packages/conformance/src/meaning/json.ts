export type Fields = Record<string, unknown>;

// Lenient readers of answers: what is missing or of another type is empty.

export const fields = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
export const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fields) : []);
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const count = (value: unknown): number => (typeof value === "number" ? value : 0);

export function parsed(json: string): Fields {
  try {
    return fields(JSON.parse(json));
  } catch {
    return {};
  }
}

/** The JSON of each event of a stream. */
export const events = (body: string): Fields[] =>
  body
    .split(/\r?\n\r?\n/)
    .map((block) =>
      block
        .split(/\r?\n/)
        .flatMap((line) => (line.startsWith("data:") ? line.slice(5).trim() : []))
        .join("\n"),
    )
    .filter((data) => data !== "" && data !== "[DONE]")
    .map(parsed);
