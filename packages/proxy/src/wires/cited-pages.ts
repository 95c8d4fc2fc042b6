import type { LanguageModelV4Citation, LanguageModelV4Source } from "@ai-sdk/provider";
import { isNumber } from "./fields.ts";

/** A web page that supports a part of the answer. */
export interface CitedPage {
  url: string;
  title: string;
  /** What the page says; empty: not known. */
  quote: string;
  /** The part of the answer's text, in UTF-16 units. The end is exclusive. Both are the end of the text if it is not known. */
  start: number;
  end: number;
}

/** Namespace of positions that a bridge adds to a source. */
export const PLACE = "place";

/** The pages that a text of this length cites. It begins at `offset` in the answer. Documents are left out: they have no URL. */
export function citedPages(
  length: number,
  citations: readonly LanguageModelV4Citation[] | undefined,
  offset: number,
): CitedPage[] {
  return (citations ?? []).flatMap(({ source, startIndex, endIndex, citedText }) => {
    if (source.sourceType !== "url") return [];
    const place = within(length, startIndex, endIndex) ?? { start: 0, end: length };
    return [
      {
        url: source.url,
        title: source.title ?? "",
        quote: citedText ?? "",
        start: offset + place.start,
        end: offset + place.end,
      },
    ];
  });
}

/** A page that the answer cites as a whole, or at a place that the bridge knows. Null: it is no page. */
export function citedSource(source: LanguageModelV4Source, textLength: number): CitedPage | null {
  if (source.sourceType !== "url") return null;
  const { start, end } = source.providerMetadata?.[PLACE] ?? {};
  const place = within(textLength, start, end) ?? { start: textLength, end: textLength };
  return { url: source.url, title: source.title ?? "", quote: "", ...place };
}

/** Null: the provider names no place in a text of this length. */
function within(length: number, start: unknown, end: unknown): { start: number; end: number } | null {
  if (!isNumber(start) || !isNumber(end) || !Number.isInteger(start) || !Number.isInteger(end)) return null;
  return start >= 0 && start < end && end <= length ? { start, end } : null;
}
