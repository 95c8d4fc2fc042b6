type Search = Record<string, string | string[] | undefined>;

/** Rows of a page of a list. */
const ROWS = 50;

interface ListQuery {
  search?: string;
  // The verb checks it.
  sort?: never;
  cursor?: string;
  limit: number;
}

/** Search, order and cursor in the URL of a page, as input of the verb that lists the rows. */
export function listQuery(params: Search, prefix = ""): ListQuery {
  const one = (name: string) => {
    const value = params[`${prefix}${name}`];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const [search, sort, cursor] = [one("q"), one("sort"), one("cursor")];
  return {
    limit: ROWS,
    ...(search ? { search } : {}),
    ...(sort ? { sort: sort as never } : {}),
    ...(cursor ? { cursor } : {}),
  };
}
