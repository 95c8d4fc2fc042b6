import { TollgateError } from "@tollgate/contracts/errors";
import { JSON_BOUNDS, type JsonBounds, tooLarge } from "./json-bounds.ts";
import type { Place } from "./places.ts";

/** Below this number of names an array is faster than a set. */
const FEW_NAMES = 16;

function refusal(code: "forbidden_parameter" | "duplicate_key", name: string, why: (shown: string) => string) {
  const param = name.slice(0, 64);
  return new TollgateError(code, `The body ${why(param)}.`, { param });
}

/** An open object or array. */
export class Level {
  readonly isObject: boolean;
  readonly place: Place;
  /** Name of the current member, in an object. */
  name = "";
  /** Where the current member begins: its name, or in an array its value. */
  memberAt = 0;
  /** Position of the last comma; -1: none yet. */
  commaAt = -1;
  /** Position of the first byte that is not in `built` yet. */
  runAt: number;
  /** The value built so far; null: not begun. Only used for large bodies. */
  built: unknown[] | Record<string, unknown> | null = null;
  /** The last member is already in `built`. */
  isBuilt = false;
  #names: string[] | Set<string> = [];
  #count = 0;

  constructor(isObject: boolean, place: Place, at: number) {
    this.isObject = isObject;
    this.place = place;
    this.runAt = at + 1;
  }

  /** Begins a member of an answer, where the last of two equal names counts. Throws 413. */
  openAny(name: string, { names }: JsonBounds): void {
    if (++this.#count > names) throw tooLarge(`${names} members in one object`);
    this.name = name;
  }

  /**
   * Begins a member of a request. Throws 400 `forbidden_parameter`, 400 `duplicate_key` (another parser may take the
   * other value), or 413.
   */
  open(name: string): void {
    if (this.place.refuses(name)) throw refusal("forbidden_parameter", name, (shown) => `must not contain ${shown}`);
    const names = this.#names;
    if (names instanceof Set ? names.has(name) : names.includes(name))
      throw refusal("duplicate_key", name, (shown) => `contains ${shown} twice in one object`);
    if (names instanceof Set) {
      if (names.size === JSON_BOUNDS.names) throw tooLarge(`${JSON_BOUNDS.names} members in one object`);
      names.add(name);
    } else if (names.push(name) === FEW_NAMES) this.#names = new Set(names);
    this.name = name;
  }
}
