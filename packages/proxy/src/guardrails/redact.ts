import type { Span } from "./normalise.ts";

export interface Redaction extends Span {
  placeholder: string;
}

/** The text with every span replaced. Where spans overlap the first one's placeholder stands for all of them. */
export function redact(text: string, redactions: readonly Redaction[]): string {
  const ordered = [...redactions].sort((a, b) => a.start - b.start || b.end - a.end);
  let result = "";
  let at = 0;
  for (const { start, end, placeholder } of ordered) {
    if (start >= at) result += text.slice(at, start) + placeholder;
    at = Math.max(at, end);
  }
  return result + text.slice(at);
}
