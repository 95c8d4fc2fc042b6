import { empty, join, raw, type Sql, sql } from "@tollgate/db/query";
import { literally } from "../literally.ts";
import type { Work } from "../verb.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import type { Asked } from "./input.ts";

/** A column that rows can be sorted by. It is never null: a row without a value has one that sorts first or last. */
export interface Sorting {
  by: Sql;
  /** The Postgres type of `by`. */
  type: "text" | "timestamptz" | "numeric";
}

/**
 * A list, declared once. Text is compared by code point (`collate "C"`), so the order depends neither on the locale of the
 * database nor on a version of ICU. The id is the last part of every order: no two rows are equal.
 */
export interface List<Sort extends string> {
  /** Part of its cursors. */
  name: string;
  from: Sql;
  orgId: Sql;
  /** A unique column. */
  id: Sql;
  /** Postgres type of the id. Default: uuid. */
  idType?: "uuid" | "bigint" | "text";
  /** Null: by the id itself. */
  sorts: Record<Sort, Sorting | null>;
  /** The text in which the search looks, never null. */
  search: Sql;
}

export interface PageOf {
  ids: string[];
  nextCursor: string | null;
}

/**
 * No index can serve this: `like` and `lower` are not leakproof, so Postgres applies them only to rows that row security has let
 * through. It reads the organisation's rows in the order of the list until the page is full: about 1 ms per 1,000 rows.
 */
const matches = (texts: Sql, text: string): Sql => sql`lower(${texts}) like lower(${`%${literally(text)}%`})`;

/**
 * The ids of one page, in order. Reads from the cursor on and not from the first page on, so a row that was added or deleted
 * meanwhile moves no other row to another page. Conditions of `where` are joined by `and`. Throws `validation_failed` for
 * a cursor of another list, order or organisation.
 */
export async function pageOf<Sort extends string>(
  list: List<Sort>,
  { tx, ctx, input }: Pick<Work<Asked<Sort>>, "tx" | "ctx" | "input">,
  where: readonly (Sql | false | null | undefined | "")[] = [],
): Promise<PageOf> {
  const { search, sort, cursor, limit } = input;
  const descending = sort.startsWith("-");
  const sorting = list.sorts[sort.replace(/^-/, "") as Sort];
  const idType = raw(list.idType ?? "uuid");
  const conditions = [sql`${list.orgId} = ${ctx.orgId}::uuid`];
  for (const condition of where) if (condition) conditions.push(condition);
  if (search) {
    conditions.push(matches(list.search, search));
    await tx.$executeRaw`set local statement_timeout = '5s'`;
  }
  if (cursor) {
    const [value, id] = readCursor(ctx, list.name, sort, cursor);
    const beyond = descending ? sql`<` : sql`>`;
    const at = sql`${id}::${idType}`;
    if (sorting) conditions.push(sql`(${sorting.by}, ${list.id}) ${beyond} (${value}::${raw(sorting.type)}, ${at})`);
    else conditions.push(sql`${list.id} ${beyond} ${at}`);
  }
  const way = descending ? sql`desc` : sql`asc`;
  const rows = await tx.$queryRaw<{ id: string; value: string }[]>`
    select ${list.id}::text as id, ${sorting ? sql`${sorting.by}::text` : sql`''`} as value
    from ${list.from}
    where ${join(conditions, " and ")}
    order by ${sorting ? sql`${sorting.by} ${way}, ` : empty}${list.id} ${way}
    limit ${limit + 1}`;
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    ids: shown.map(({ id }) => id),
    nextCursor: last ? writeCursor(ctx, list.name, sort, [last.value, last.id]) : null,
  };
}

/** The rows of a page in its order. A row that was deleted after its id was read is left out. */
export function inOrder<Row extends { id: string }>(ids: readonly string[], rows: readonly Row[]): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
