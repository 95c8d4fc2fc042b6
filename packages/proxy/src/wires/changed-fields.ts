import { fieldsOf } from "./fields.ts";

/** The top-level fields of `body` that differ from those of `before` (compared with `===`). */
export const changedFields = (body: object, before: object): [string, unknown][] =>
  Object.entries(body).filter(([name, value]) => value !== fieldsOf(before)[name]);
