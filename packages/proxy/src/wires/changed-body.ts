import { writing } from "../body/json-text.ts";
import type { RawBody } from "../body/raw-body.ts";
import { inTurns, type Lane, type Steps } from "../body/steps.ts";
import { changedFields } from "./changed-fields.ts";

/**
 * A changed body with its bytes. Only changed fields are written again. Numbers in other fields that JavaScript cannot
 * represent stay as sent. `lane`: of a large body.
 */
export async function changedBody(changed: object, body: object, raw: RawBody, lane: Lane | null) {
  const touched = changedFields(changed, body);
  if (touched.length === 0) return { body, raw };
  if (lane) return { body: changed, raw: await inTurns(rewriting(raw, touched), lane) };
  const changes = Object.fromEntries(touched.map(([name, value]) => [name, JSON.stringify(value)]));
  return { body: changed, raw: raw.edited(changes) };
}

/** The same bytes with these fields replaced. */
function* rewriting(raw: RawBody, fields: readonly [string, unknown][]): Steps<RawBody> {
  const changes: [string, Buffer][] = [];
  for (const [name, value] of fields) {
    const pieces: Buffer[] = [];
    yield* writing(value, (piece) => pieces.push(Buffer.from(piece)));
    changes.push([name, Buffer.concat(pieces)]);
    yield;
  }
  return raw.edited(Object.fromEntries(changes));
}
