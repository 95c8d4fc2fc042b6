/** What an id at a place names, and what becomes of it. */
export interface IdPlace {
  kind: "file" | "container";
  /** The client repeats an earlier answer here. The provider reads nothing from it, so any credential may get it. */
  isRepeated?: boolean;
  /** Whether a text is an id. Absent: every text is one. */
  isId?(text: string): boolean;
}

/** A place and the places inside it. */
export interface IdNode {
  place: IdPlace | null;
  /** The items of an array. */
  items: IdNode | null;
  /** The value of any name. */
  members: IdNode | null;
  /** By name. */
  fields: [name: string, node: IdNode][];
}

export const FILE: IdPlace = { kind: "file" };
export const REPEATED_FILE: IdPlace = { kind: "file", isRepeated: true };
export const CONTAINER: IdPlace = { kind: "container" };

const emptyNode = (): IdNode => ({ place: null, items: null, members: null, fields: [] });

/** The places of a format that have ids. */
export interface IdPlaces {
  root: IdNode;
  /** How the names of fields begin of which each id is in one, in the bytes of JSON. */
  names: readonly Buffer[];
}

/**
 * The places of a format where ids of stored objects are. Paths are names with dots between them; `[]` stands for the items of
 * an array and `*` for any name: `input[].content[].file_id`, `prompt.variables.*.file_id`.
 */
export function idPlaces(table: Readonly<Record<string, IdPlace>>): IdPlaces {
  const root = emptyNode();
  const names = new Set<string>();
  for (const [path, place] of Object.entries(table)) {
    let node = root;
    for (const step of path.replaceAll("[]", ".[]").split(".")) node = inside(node, step);
    node.place = place;
    names.add(/\b(\w+)(?:\[\]|\.id)?$/.exec(path)?.[1] ?? path);
  }
  const shortest = [...names].filter((name) => ![...names].some((each) => each !== name && name.startsWith(each)));
  return { root, names: shortest.map((name) => Buffer.from(`"${name}`)) };
}

/** An escaped ASCII character, with which any name can be written. */
const ESCAPE = Buffer.from("\\u00");

/** Whether JSON may have an id. True for more than those that have one. */
export const mayHaveIds = (json: Buffer, { names }: IdPlaces): boolean =>
  names.some((name) => json.includes(name)) || json.includes(ESCAPE);

function inside(node: IdNode, step: string): IdNode {
  const known =
    step === "[]" ? node.items : step === "*" ? node.members : node.fields.find(([name]) => name === step)?.[1];
  if (known) return known;
  const made = emptyNode();
  if (step === "[]") node.items = made;
  else if (step === "*") node.members = made;
  else node.fields.push([step, made]);
  return made;
}
