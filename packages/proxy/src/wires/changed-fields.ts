import { fieldsOf } from "./fields.ts";

/** The top-level fields of `body` that are not those of `before`. */
export const changedFields = (body: object, before: object): [string, unknown][] =>
  Object.entries(body).filter(([name, value]) => value !== fieldsOf(before)[name]);
