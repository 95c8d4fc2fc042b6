import { isForbiddenName } from "./forbidden-names.ts";

/** The position of an object in a request, which decides the names that it may have. */
export interface Place {
  refuses(name: string): boolean;
  /** The place of the value of `name`. */
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

/** Values that no schema describes, such as the input of a tool: their names are data. */
export const anything: Place = {
  refuses: () => false,
  inside: () => anything,
  get items() {
    return anything;
  },
};

/** A JSON schema. A forbidden name is allowed only where the schema names its author's own fields. */
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

/** An object that is not a schema and contains none. */
export const ordinary: Place = {
  refuses: isForbiddenName,
  inside: () => ordinary,
  get items() {
    return ordinary;
  },
};

/** `tg_…` is reserved for options of the gateway. */
export const metadata: Place = { ...ordinary, refuses: (name) => isForbiddenName(name) || /^tg_/i.test(name) };

/** An object, or an array of such objects, whose members have the given places. Other members are ordinary. */
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
