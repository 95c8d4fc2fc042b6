import { isFields } from "./fields.ts";

type Path = (string | number)[];

/** Model output is not nested deeper. Anything deeper is not counted. */
const DEPTH_MAX = 8;

/** Visits every string in a value, except in the fields that `isNoOutput` names. `path` is reused. */
export function walkOutput(
  value: unknown,
  path: Path,
  isNoOutput: (name: string) => boolean,
  visit: (text: string, path: Path) => void,
): void {
  if (typeof value === "string") {
    if (value !== "") visit(value, path);
    return;
  }
  if (path.length > DEPTH_MAX) return;
  if (!Array.isArray(value) && !isFields(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    const isList = Array.isArray(value);
    if (!isList && isNoOutput(name)) continue;
    path.push(isList ? Number(name) : name);
    walkOutput(inner, path, isNoOutput, visit);
    path.pop();
  }
}
