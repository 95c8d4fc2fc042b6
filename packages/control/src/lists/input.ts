import { z } from "zod";
import { Count } from "../fields.ts";

/** Rows of a page by default, and at most. */
export const PAGE_ROWS = 100;
const PAGE_ROWS_MAX = 500;

/** The page of a list that a caller asks for. */
export interface Asked<Sort extends string = string> {
  search?: string | undefined;
  /** A field of the answer's items; `-` in front: descending. */
  sort: Sort | `-${Sort}`;
  cursor?: string | undefined;
  limit: number;
}

type Orders<S extends readonly string[]> = S[number] | `-${S[number]}`;

const ordersOf = <S extends readonly string[]>(sorts: S) =>
  sorts.flatMap((sort) => [sort, `-${sort}`]) as [Orders<S>, ...Orders<S>[]];

const search = z
  .string()
  .normalize("NFKC")
  .trim()
  .max(200, "at most 200 characters")
  .optional()
  .meta({ description: "Text that a row contains. Upper and lower case are the same; no wildcards." });

const cursor = z
  .string()
  .max(2000, "is not a cursor of this list")
  .optional()
  .meta({ description: "`nextCursor` of the page before. It is valid only with the same sort." });

const limit = Count(1, PAGE_ROWS_MAX).default(PAGE_ROWS).meta({ description: "Rows of a page." });

/** The input of a list: page, order, search and filters. `sorts` are fields of its items, `preset` is the order by default. */
export const listInput = <S extends readonly [string, ...string[]], F extends z.core.$ZodLooseShape>(
  sorts: S,
  preset: Orders<NoInfer<S>>,
  filters: F,
) => {
  const orders = ordersOf(sorts);
  const sort = z
    .enum(orders, `one of ${orders.join(", ")}`)
    .default(preset as never)
    .meta({ description: "The order. A minus in front: descending." });
  return z.strictObject({ search, sort, cursor, limit, ...filters });
};
