import type { Origin, Texts } from "../wire.ts";
import type { TextFormat } from "./text-format.ts";
import { textSteps } from "./text-steps.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Visits and replaces every text of a request: messages, system prompts, tool definitions, arguments and results. The
 * body reader limits the nesting depth.
 */
export function textsOf(format: TextFormat): Texts {
  const { isStructural, hasOwnNames, isBytes, originOf } = format;

  const visit: Texts["visit"] = (given, visitor) => {
    const body = given as Json;
    const path: (string | number)[] = [];
    const origin = (): Origin => originOf(body, path);
    const inside = (key: string | number, value: unknown): void => {
      path.push(key);
      walk(value);
      path.pop();
    };
    const walk = (value: unknown): void => {
      if (typeof value === "string") {
        visitor(value, path, isBytes(value, path, body), origin);
      } else if (Array.isArray(value)) {
        for (let index = 0; index < value.length; index++) inside(index, value[index]);
      } else if (typeof value === "object" && value !== null) {
        const isNamed = hasOwnNames(path);
        for (const key in value) {
          const inner = (value as Json)[key];
          if (isNamed) visitor(key, path, false, origin);
          if (typeof inner !== "string" || !isStructural(path, key, inner)) inside(key, inner);
        }
      }
    };
    walk(body);
  };

  const replace: Texts["replace"] = (given, replacer) => {
    const body = given as Json;
    const path: (string | number)[] = [];
    const origin = (): Origin => originOf(body, path);
    const inside = (key: string | number, value: unknown): unknown => {
      path.push(key);
      const replaced = rebuilt(value);
      path.pop();
      return replaced;
    };
    const rebuilt = (value: unknown): unknown => {
      if (typeof value === "string") return replacer(value, isBytes(value, path, body), origin);
      if (Array.isArray(value)) {
        const items = value.map((item, index) => inside(index, item));
        return items.some((item, index) => item !== value[index]) ? items : value;
      }
      if (typeof value !== "object" || value === null) return value;
      const isNamed = hasOwnNames(path);
      const fields = Object.entries(value).map(([key, inner]): [string, unknown] => [
        isNamed ? replacer(key, false, origin) : key,
        typeof inner === "string" && isStructural(path, key, inner) ? inner : inside(key, inner),
      ]);
      const isChanged = fields.some(([key, inner]) => !Object.hasOwn(value, key) || inner !== (value as Json)[key]);
      // Assignment would lose a field named `__proto__`; `Object.fromEntries` keeps it.
      return isChanged ? Object.fromEntries(fields) : value;
    };
    return rebuilt(body) as object;
  };

  return { visit, replace, ...textSteps(format) };
}
