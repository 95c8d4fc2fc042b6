import { Pace, type Steps } from "../../body/steps.ts";
import type { Origin, TextReplacer, Texts, TextVisitor } from "../wire.ts";
import type { TextFormat } from "./text-format.ts";

type Json = Readonly<Record<string, unknown>>;

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null;

/** `visit` and `replace` of `textsOf` in steps, for large bodies. */
export function textSteps({
  isStructural,
  hasOwnNames,
  isBytes,
  originOf,
}: TextFormat): Pick<Texts, "visiting" | "replacing"> {
  function* visiting(given: object, visit: TextVisitor): Steps<void> {
    const body = given as Json;
    const path: (string | number)[] = [];
    const origin = (): Origin => originOf(body, path);
    const pace = new Pace();
    const take = (value: unknown): void => {
      if (typeof value === "string") visit(value, path, isBytes(value, path, body), origin);
    };
    function* walk(value: object): Steps<void> {
      const isNamed = hasOwnNames(path);
      const isList = Array.isArray(value);
      for (const key of isList ? value.keys() : Object.keys(value)) {
        const inner = (value as Json)[key];
        if (isNamed && !isList) visit(String(key), path, false, origin);
        if (typeof inner !== "string" || isList || !isStructural(path, String(key), inner)) {
          path.push(key);
          if (isContainer(inner)) yield* walk(inner);
          else take(inner);
          path.pop();
        }
        if (pace.passes(inner, key)) yield;
      }
    }
    yield* walk(body);
  }

  function* replacing(given: object, replace: TextReplacer): Steps<object> {
    const body = given as Json;
    const path: (string | number)[] = [];
    const origin = (): Origin => originOf(body, path);
    const pace = new Pace();
    const replaced = (value: unknown): unknown =>
      typeof value === "string" ? replace(value, isBytes(value, path, body), origin) : value;
    function* inside(key: string | number, value: unknown): Steps<unknown> {
      path.push(key);
      const result = isContainer(value) ? yield* rebuilt(value) : replaced(value);
      path.pop();
      return result;
    }
    function* rebuilt(value: object): Steps<unknown> {
      const isNamed = hasOwnNames(path);
      if (Array.isArray(value)) {
        const items: unknown[] = [];
        let isChanged = false;
        for (const [index, item] of value.entries()) {
          const given = yield* inside(index, item);
          items.push(given);
          isChanged ||= given !== item;
          if (pace.passes(item)) yield;
        }
        return isChanged ? items : value;
      }
      const fields: [string, unknown][] = [];
      let isChanged = false;
      for (const key of Object.keys(value)) {
        const inner = (value as Json)[key];
        const name = isNamed ? replace(key, false, origin) : key;
        const given = typeof inner === "string" && isStructural(path, key, inner) ? inner : yield* inside(key, inner);
        fields.push([name, given]);
        isChanged ||= name !== key || given !== inner;
        if (pace.passes(inner, key)) yield;
      }
      return isChanged ? Object.fromEntries(fields) : value;
    }
    return (yield* rebuilt(body)) as object;
  }

  return { visiting, replacing };
}
