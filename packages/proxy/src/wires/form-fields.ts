import { FormFile } from "../body/form-file.ts";
import type { Fields } from "./fields.ts";
import { missing, wrongType } from "./request-fields.ts";

/** The fields of a form with these numbers and flags read from their texts, as they are in JSON. JSON stays as it is. */
export function typed(body: Fields, numbers: readonly string[], flags: readonly string[]): Fields {
  const read: Record<string, unknown> = { ...body };
  for (const name of numbers) {
    const text = body[name];
    if (typeof text === "string" && /^-?\d+(?:\.\d+)?$/.test(text.trim())) read[name] = Number(text);
  }
  for (const name of flags) {
    const text = String(body[name]).toLowerCase();
    if (typeof body[name] === "string" && (text === "true" || text === "false")) read[name] = text === "true";
  }
  return read;
}

/** The files of a field, with and without `[]` after its name. */
export const filesOf = (body: Fields, name: string): FormFile[] =>
  [body[name], body[`${name}[]`]].flat().filter((each) => each instanceof FormFile);

/** Throws 400 unless the field has a file. */
export function checkFile(body: Fields, name: string): void {
  if (filesOf(body, name).length > 0) return;
  if (body[name] === undefined && body[`${name}[]`] === undefined) throw missing(name);
  throw wrongType(name, "a file");
}
