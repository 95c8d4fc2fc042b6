import { LARGE_BYTES } from "../body/steps.ts";
import type { IdNode, IdPlace, IdPlaces } from "./id-places.ts";
import { BLANK, OPEN_ARRAY, OPEN_OBJECT, QUOTE, stringEnd, valueEnd } from "./json-span.ts";

interface Hit {
  start: number;
  end: number;
  place: IdPlace;
}

/**
 * An answer's JSON with ids that the client may use. `seal` makes them from the provider's ids. The bytes must be valid JSON. Unchanged
 * if there is no id.
 */
export function sealedIds(
  json: Buffer,
  places: IdPlaces,
  seal: (providerId: string, place: IdPlace) => string,
): Buffer {
  // A short answer is searched for a name. A large one is walked: texts are skipped without reading them.
  if (json.length <= LARGE_BYTES && !places.names.some((name) => json.includes(name))) return json;
  const start = json.indexOf("{");
  if (start === -1) return json;
  const hits: Hit[] = [];
  look(json, start, places.root, hits);
  if (hits.length === 0) return json;
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end, place } of hits) {
    const id: unknown = JSON.parse(json.toString("utf8", start, end));
    if (typeof id !== "string" || id === "") continue;
    pieces.push(json.subarray(at, start), Buffer.from(JSON.stringify(seal(id, place))));
    at = end;
  }
  return Buffer.concat([...pieces, json.subarray(at)]);
}

const notBlank = (json: Buffer, from: number): number => {
  let at = from;
  while (BLANK.has(json[at] as number)) at += 1;
  return at;
};

/** Looks at the value that starts at `at`. Returns its end. Depth is bounded by that of the table. */
function look(json: Buffer, at: number, node: IdNode | null, hits: Hit[]): number {
  const first = json[at];
  if (node?.place && first === QUOTE) {
    const end = stringEnd(json, at);
    hits.push({ start: at, end, place: node.place });
    return end;
  }
  if (node?.items && first === OPEN_ARRAY) {
    let next = notBlank(json, at + 1);
    // What is no value has no end of its own: an event may have bytes around its JSON.
    while (next < json.length && json[next] !== 0x5d)
      next = notBlank(json, Math.max(next + 1, look(json, next, node.items, hits)));
    return next + 1;
  }
  if (!node || node.fields.length === 0 || first !== OPEN_OBJECT) return valueEnd(json, at);
  let next = notBlank(json, at + 1);
  while (json[next] === QUOTE) {
    const nameEnd = stringEnd(json, next);
    const name = json.toString("latin1", next + 1, nameEnd - 1);
    const inner = node.fields.find(([each]) => each === name)?.[1] ?? null;
    next = notBlank(json, look(json, notBlank(json, nameEnd), inner, hits));
  }
  return next + 1;
}
