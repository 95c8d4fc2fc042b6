import type { ModelListing } from "@tollgate/catalog/providers";

const CURSOR_CHARS_MAX = 500;

/** The path of the page after this one. Null: it is the last one, or it names itself. */
export function nextPath(
  { path, next }: ModelListing,
  current: string,
  { has_more: hasMore, ...json }: Readonly<Record<string, unknown>>,
): string | null {
  const cursor = next && hasMore !== false ? json[next.field] : undefined;
  if (!next || typeof cursor !== "string" || cursor === "" || cursor.length > CURSOR_CHARS_MAX) return null;
  const [before, query = ""] = path.split("?");
  const parameters = new URLSearchParams(query);
  parameters.set(next.parameter, cursor);
  const after = `${before}?${parameters}`;
  return after === current ? null : after;
}
