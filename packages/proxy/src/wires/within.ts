import { isFields } from "./fields.ts";
import type { Path } from "./wire.ts";

/** The value at a path of a body; undefined: there is none. */
export function within(body: unknown, path: Path): unknown {
  let value = body;
  for (const name of path) {
    value = Array.isArray(value) ? value[Number(name)] : isFields(value) ? value[String(name)] : undefined;
  }
  return value;
}
