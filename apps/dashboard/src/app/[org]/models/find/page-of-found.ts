import type { FoundModel } from "@tollgate/control/credentials/schemas";

interface Query {
  search?: string;
  /** The name of the last model of the page before. */
  cursor?: string;
  limit: number;
}

/** The models of one page: those after the cursor whose names contain the search. They are sorted by name. */
export function pageOfFound(models: readonly FoundModel[], { search = "", cursor, limit }: Query) {
  const text = search.toLowerCase();
  const left = models.filter(({ id }) => id.toLowerCase().includes(text) && (cursor === undefined || id > cursor));
  const items = left.slice(0, limit);
  return { items, nextCursor: left.length > limit ? (items.at(-1)?.id ?? null) : null };
}
