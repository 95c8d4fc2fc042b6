import type { CitedPage } from "../../cited-pages.ts";

/** Characters of all cited parts together. Each part repeats its text, and a provider may cite the same text many times. */
const CITED_CHARS_MAX = 1_000_000;

/**
 * What was searched for, the pages that a text cites, and for which parts of it. Google counts places in bytes (UTF-8). Null:
 * there is nothing.
 */
export function groundingOf(text: string, pages: readonly CitedPage[], queries: readonly string[]): object | null {
  const searched = queries.length > 0 && { webSearchQueries: queries };
  if (pages.length === 0) return searched || null;
  const chunks: object[] = [];
  const indices = new Map<string, number>();
  for (const { url, title } of pages) {
    if (indices.has(url)) continue;
    indices.set(url, chunks.length);
    chunks.push({ web: { uri: url, title: title || url } });
  }
  let chars = 0;
  const placed = pages.filter(({ start, end }) => {
    chars += Math.max(0, end - start);
    return start < end && chars <= CITED_CHARS_MAX;
  });
  const bytes = bytesTo(text, new Set(placed.flatMap(({ start, end }) => [start, end])));
  const supports = placed.map(({ url, start, end }) => ({
    segment: { startIndex: bytes.get(start), endIndex: bytes.get(end), text: text.slice(start, end) },
    groundingChunkIndices: [indices.get(url)],
  }));
  return { ...searched, groundingChunks: chunks, ...(supports.length > 0 && { groundingSupports: supports }) };
}

/** Bytes before each of these places. In one pass, because an answer may cite thousands of pages. */
function bytesTo(text: string, places: ReadonlySet<number>): Map<number, number> {
  const bytes = new Map<number, number>();
  let [from, sum] = [0, 0];
  for (const place of [...places].sort((one, other) => one - other)) {
    sum += Buffer.byteLength(text.slice(from, place));
    from = place;
    bytes.set(place, sum);
  }
  return bytes;
}
