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

const schema: Place = {
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

const ordinary: Place = {
  refuses: isForbiddenName,
  inside: () => ordinary,
  get items() {
    return ordinary;
  },
};

/** `tg_…` is reserved for options of the gateway. */
const metadata: Place = { ...ordinary, refuses: (name) => isForbiddenName(name) || /^tg_/i.test(name) };

function branch(members: Record<string, Place>): Place {
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

/**
 * The whole request. A forbidden name is allowed only where a JSON schema names somebody's own fields, and a schema is
 * only what stands at one of these paths: a `properties` elsewhere is no schema.
 */
export const REQUEST: Place = branch({
  metadata,
  tools: branch({ parameters: schema, input_schema: schema, function: branch({ parameters: schema }) }),
  functions: branch({ parameters: schema }),
  response_format: branch({ schema, json_schema: branch({ schema }) }),
  guided_json: schema,
});
