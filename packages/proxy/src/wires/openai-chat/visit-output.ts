import { isFields } from "../fields.ts";
import type { TextListener } from "../text-delta.ts";
import { DEPTH_MAX, NO_OUTPUT } from "./output-bytes.ts";

/** The position of a list item. A delta may hold only some items of a list; these have their position in `index`. */
const placeOf = (item: unknown, index: number): number =>
  isFields(item) && typeof item.index === "number" && Number.isInteger(item.index) ? item.index : index;

/** Visits every text of model output in a delta or message, with its position. `outputBytes` sums the same texts. */
export function visitOutput(choice: number, content: unknown, onText: TextListener): void {
  const path: (string | number)[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === "string" && value !== "") onText({ choice, path, text: value });
    if (typeof value !== "object" || value === null || path.length > DEPTH_MAX) return;
    const isList = Array.isArray(value);
    for (const [name, inner] of Object.entries(value)) {
      if (!isList && NO_OUTPUT.has(name)) continue;
      path.push(isList ? placeOf(inner, Number(name)) : name);
      walk(inner);
      path.pop();
    }
  };
  walk(content);
}
