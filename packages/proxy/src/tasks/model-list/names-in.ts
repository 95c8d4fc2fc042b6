import type { ModelListing } from "@tollgate/catalog/providers";
import { UPSTREAM_MODEL } from "@tollgate/contracts/tasks";

export interface Names {
  names: string[];
  /** Some models have no name by which they could be called. */
  isPartial: boolean;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The names in one page of a list. Null: it is no such list. Names that cannot be those of a target are left out. */
export function namesIn(
  json: Readonly<Record<string, unknown>>,
  { items, name, prefix = "" }: ModelListing,
): Names | null {
  const lists = [items ?? "items"].flat().map((field) => json[field]);
  if (!lists.every(Array.isArray)) return null;
  const models = lists.flat();
  const names = models.flatMap((model: unknown) => {
    const given = isObject(model) ? model[name] : undefined;
    if (typeof given !== "string") return [];
    const short = given.startsWith(prefix) ? given.slice(prefix.length) : given;
    return UPSTREAM_MODEL.test(short) ? [short] : [];
  });
  return { names, isPartial: names.length < models.length };
}
