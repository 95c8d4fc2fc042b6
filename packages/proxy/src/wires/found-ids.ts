import type { Steps } from "../body/steps.ts";
import type { IdNode, IdPlace, IdPlaces } from "./id-places.ts";

/** An object or array on the way to an id. */
interface Visit {
  value: object;
  node: IdNode;
  /** Null: the body itself. */
  up: Visit | null;
  /** The name or index in the object above. */
  at: string | number;
}

export interface FoundId {
  text: string;
  place: IdPlace;
  /** The object or array that has the id, and the name or index of the id in it. */
  owner: Visit;
  at: string | number;
}

const STEP_VISITS = 1_000;

/** The ids in a parsed body, in no order. Only the places of the table are looked at. */
export function* findingIds(body: object, { root }: IdPlaces): Steps<FoundId[]> {
  const found: FoundId[] = [];
  const waiting: Visit[] = [{ value: body, node: root, up: null, at: "" }];
  let left = STEP_VISITS;
  const look = (value: unknown, node: IdNode, up: Visit, at: string | number): void => {
    if (typeof value === "object" && value !== null) waiting.push({ value, node, up, at });
    else if (typeof value === "string" && value !== "" && node.place && (node.place.isId?.(value) ?? true))
      found.push({ text: value, place: node.place, owner: up, at });
  };
  for (let visit = waiting.pop(); visit; visit = waiting.pop()) {
    const { value, node } = visit;
    if (Array.isArray(value)) {
      if (node.items) for (let at = 0; at < value.length; at++) look(value[at], node.items, visit, at);
    } else {
      const fields = value as Readonly<Record<string, unknown>>;
      for (const [name, inner] of node.fields) look(fields[name], inner, visit, name);
      if (node.members) for (const name in fields) look(fields[name], node.members, visit, name);
      // Google accepts one item without a list around it.
      if (node.items) waiting.push({ ...visit, node: node.items });
    }
    if (--left > 0) continue;
    left = STEP_VISITS;
    yield;
  }
  return found;
}

/** The place of an id as errors name it: `messages[0].content[1].file.file_id`. */
export function pathOf({ owner, at }: FoundId): string {
  let path = step(at);
  for (let visit: Visit = owner; visit.up; visit = visit.up) path = step(visit.at) + path;
  return path.replace(/^\./, "");
}

const step = (at: string | number): string => (typeof at === "number" ? `[${at}]` : `.${at}`);

/** A copy of the body with another text for each of these ids. Objects that have none are shared with the original. */
export function withIds(body: object, changes: ReadonlyMap<FoundId, string>): object {
  const copies = new Map<object, Record<string | number, unknown>>();
  const copyOf = ({ value, up, at }: Visit): Record<string | number, unknown> => {
    const known = copies.get(value);
    if (known) return known;
    const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string | number, unknown>;
    copies.set(value, copy);
    if (up) copyOf(up)[at] = copy;
    return copy;
  };
  for (const [{ owner, at }, text] of changes) copyOf(owner)[at] = text;
  return copies.get(body) ?? body;
}
