import { type Fields, isFields } from "./fields.ts";

const snake = (name: string): string => name.replace(/[A-Z]/g, "_$&").toLowerCase();

/** The spelling in which an object has a field. Google takes two. */
export const keyIn = (fields: Fields, name: string): string =>
  name in fields ? name : snake(name) in fields ? snake(name) : name;

/** The object that has a field, and its name there. `field` may be inside an object: `reasoning.effort`. Null: there is no such object. */
export function placeOf(body: Fields, field: string): { parent: string | null; within: Fields; key: string } | null {
  const [outer = "", inner] = field.split(".");
  if (inner === undefined) return { parent: null, within: body, key: keyIn(body, outer) };
  const parent = keyIn(body, outer);
  const within = body[parent];
  return isFields(within) ? { parent, within, key: keyIn(within, inner) } : null;
}

/** Undefined: it is not there. */
export function valueAt(body: Fields, field: string): unknown {
  const place = placeOf(body, field);
  return place?.within[place.key];
}
