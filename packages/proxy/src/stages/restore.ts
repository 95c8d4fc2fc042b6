import { TollgateError } from "@tollgate/contracts/errors";
import type { Soon } from "@tollgate/limits/store";
import { writing } from "../body/json-text.ts";
import { type Memory, readJson } from "../body/read-json.ts";
import { inTurns, type Lane } from "../body/steps.ts";
import type { Parsed } from "../call.ts";
import type { KeptObject, Room } from "../kept/kept-responses.ts";
import type { Ports } from "../ports.ts";
import type { KeptFormat, Restores } from "../wires/kept.ts";

/** Memory that a restored object takes while it is decrypted and parsed, as a multiple of its bytes. */
const PARSED_FACTOR = 4;

/**
 * Puts the items of kept responses into a request that refers to them, so that all later stages see the complete request.
 * Other calls pass at once. Throws 400 or 404 if one is not kept, 413 if the request becomes too large, 503.
 */
export function restore(ports: Ports, call: Parsed): Soon<Parsed> {
  const { kept } = call.surface.wire;
  return call.asked.restores && kept ? restoring(ports, call, kept, call.asked.restores) : call;
}

async function restoring(ports: Ports, call: Parsed, format: KeptFormat, restores: Restores): Promise<Parsed> {
  const { exchange, grant, surface } = call;
  const lane = ports.lanes.of(grant.org.id);
  const { before, found } = await readKept(ports, call, format, restores, lane);
  const { fields, items } = format.restore(call.body, before, found);
  const { bodyBytesMax } = ports.settings;
  const changes: Record<string, string> = {};
  const names: Record<string, null> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) names[name] = null;
    else changes[name] = await inTurns(writingText(value, bodyBytesMax, exchange.memory), lane);
  }
  const sentBytes = call.raw.byteLength;
  const plain = call.raw.with(changes, names);
  if (plain.length > bodyBytesMax) throw tooLarge(bodyBytesMax);
  exchange.memory.take(plain.length);
  exchange.memory.body = plain;
  const { body, raw } = await readJson(plain, exchange.memory, lane, surface.wire);
  call.asked = surface.wire.read(body, exchange);
  call.body = body;
  call.raw = raw;
  call.restored = { previous: restores.previous, before, items, sentBytes };
  return call;
}

async function readKept(ports: Ports, call: Parsed, format: KeptFormat, { previous, responses }: Restores, lane: Lane) {
  const { grant, exchange } = call;
  const owner = { orgId: grant.org.id, keyId: grant.key.id };
  const kept = grant.org.keepsResponses ? ports.kept : null;
  const room: Room = {
    bytesMax: ports.settings.bodyBytesMax,
    take: (bytes) => exchange.memory.take(bytes * PARSED_FACTOR),
  };
  const first = previous === null ? responses : [previous, ...responses];
  const found = kept ? await kept.read(owner, [...new Set(first)], lane, room) : new Map<string, KeptObject>();
  if (previous === null) return { before: [], found };
  const last = found.get(previous);
  if (!kept || !last) throw notKept(previous);
  const before = [...format.before(last), previous];
  const needed = before.flatMap((id) => format.objects(id)).filter((id) => !found.has(id));
  const more = await kept.read(owner, needed, lane, room);
  const isWhole = needed.every((id) => more.has(id));
  if (!isWhole) throw notKept(previous);
  return { before, found: new Map([...found, ...more]) };
}

/** An item that is referred to many times is written as often. So each piece is counted before the next is made. */
function* writingText(value: unknown, bytesMax: number, memory: Memory) {
  const pieces: string[] = [];
  let bytes = 0;
  yield* writing(value, (piece) => {
    const more = Buffer.byteLength(piece);
    bytes += more;
    if (bytes > bytesMax) throw tooLarge(bytesMax);
    memory.take(more);
    pieces.push(piece);
  });
  return pieces.join("");
}

const tooLarge = (bytesMax: number) =>
  new TollgateError("request_too_large", `With the earlier items the request has more than ${bytesMax} bytes.`);

const notKept = (id: string) =>
  new TollgateError(
    "previous_response_not_found",
    `Previous response with id '${id}' not found. It is not kept, or not any more: send the earlier items in input.`,
    { param: "previous_response_id" },
  );
