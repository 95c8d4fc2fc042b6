import type { CitedPage } from "../../cited-pages.ts";

/** The pages that a text cites, and for which parts of it. Google counts places in bytes (UTF-8). Null: there are none. */
export function groundingOf(text: string, pages: readonly CitedPage[]): object | null {
  if (pages.length === 0) return null;
  const urls = [...new Set(pages.map(({ url }) => url))];
  const chunks = urls.map((uri) => ({ web: { uri, title: pages.find(({ url }) => url === uri)?.title || uri } }));
  const bytesTo = (place: number): number => Buffer.byteLength(text.slice(0, place));
  const supports = pages.flatMap(({ url, start, end }) =>
    start === end
      ? []
      : [
          {
            segment: { startIndex: bytesTo(start), endIndex: bytesTo(end), text: text.slice(start, end) },
            groundingChunkIndices: [urls.indexOf(url)],
          },
        ],
  );
  return { groundingChunks: chunks, ...(supports.length > 0 && { groundingSupports: supports }) };
}
