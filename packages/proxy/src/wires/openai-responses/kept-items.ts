import { TollgateError } from "@tollgate/contracts/errors";
import type { Fields } from "../fields.ts";

const [LIMIT, LIMIT_MAX] = [20, 100];

/** A page of a list, as OpenAI cuts it: newest first unless `order` is `asc`, after the item `after`. Throws 400. */
export function itemPage(items: readonly Fields[], query: string): object {
  const asked = new URLSearchParams(query);
  const order = asked.get("order") ?? "desc";
  if (order !== "asc" && order !== "desc") throw wrong("order", "asc or desc");
  const limit = Number(asked.get("limit") ?? LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) throw wrong("limit", `from 1 to ${LIMIT_MAX}`);
  const sorted = order === "asc" ? items : items.toReversed();
  const after = asked.get("after");
  const from = after === null ? 0 : sorted.findIndex(({ id }) => id === after) + 1;
  if (after !== null && from === 0) throw wrong("after", "the id of an item of this list");
  const data = sorted.slice(from, from + limit);
  return {
    object: "list",
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: from + limit < sorted.length,
  };
}

const wrong = (param: string, expected: string) =>
  new TollgateError("invalid_value", `${param} must be ${expected}.`, { param });
