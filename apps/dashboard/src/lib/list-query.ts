type Search = Record<string, string | string[] | undefined>;

/** Rows of a page of a list: so that the page, drawn and as data, stays below 150 kB. */
const ROWS = 25;

/** Of the second list of a page. */
export const FEWER_ROWS = 10;

/** Of a list whose rows are small. */
export const MORE_ROWS = 50;

interface ListQuery {
  search?: string;
  // The verb checks it.
  sort?: never;
  cursor?: string;
  limit: number;
}

/** Search, order and cursor in the URL of a page, as input of the verb that lists the rows. */
export function listQuery(params: Search, prefix = "", limit = ROWS): ListQuery {
  const one = (name: string) => {
    const value = params[`${prefix}${name}`];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const [search, sort, cursor] = [one("q"), one("sort"), one("cursor")];
  return {
    limit,
    ...(search ? { search } : {}),
    ...(sort ? { sort: sort as never } : {}),
    ...(cursor ? { cursor } : {}),
  };
}
