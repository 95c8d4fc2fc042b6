import { isForbiddenName } from "./forbidden-names.ts";

/** Where an object stands in a request, as far as it decides which names it may have. */
export interface Place {
  refuses(name: string): boolean;
  /** The place of what `name` holds. */
  inside(name: string): Place;
  /** The place of an array's items. */
  readonly items: Place;
}

/** Keywords of JSON Schema whose members are named by the schema's author. */
const NAMED_BY_AUTHOR = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
  "dependentRequired",
  "dependencies",
]);
/** Keywords of JSON Schema that hold example values. */
const VALUES = new Set(["default", "const", "enum", "example", "examples"]);

const anything: Place = {
  refuses: () => false,
  inside: () => anything,
  get items() {
    return anything;
  },
};

/** A JSON schema. */
export const schema: Place = {
  refuses: isForbiddenName,
  inside: (name) => (NAMED_BY_AUTHOR.has(name) ? members : VALUES.has(name) ? anything : schema),
  get items() {
    return schema;
  },
};

const members: Place = {
  refuses: () => false,
  inside: () => schema,
  get items() {
    return schema;
  },
};

/** Where no schema is. */
export const ordinary: Place = {
  refuses: isForbiddenName,
  inside: () => ordinary,
  get items() {
    return ordinary;
  },
};

/** `tg_…` is reserved for options of the gateway. */
export const metadata: Place = { ...ordinary, refuses: (name) => isForbiddenName(name) || /^tg_/i.test(name) };

/** An object, or a list of such, whose members have a place of their own. */
export function branch(members: Record<string, Place>): Place {
  const places = new Map(Object.entries(members));
  const place: Place = {
    refuses: isForbiddenName,
    inside: (name) => places.get(name) ?? ordinary,
    get items() {
      return place;
    },
  };
  return place;
}
