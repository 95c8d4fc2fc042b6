import { TollgateError } from "@tollgate/contracts/errors";
import type { Grant } from "@tollgate/contracts/grant";
import type { Soon } from "@tollgate/limits/store";
import type { Resource } from "@tollgate/vault/resource-id";
import type { RawBody } from "../body/raw-body.ts";
import { atOnce, inTurns, LARGE_BYTES, type Lane, type Steps } from "../body/steps.ts";
import type { StoredObjects } from "../call.ts";
import type { Ports } from "../ports.ts";
import { changedBody } from "../wires/changed-body.ts";
import { type FoundId, findingIds, pathOf, withIds } from "../wires/found-ids.ts";
import { type IdPlace, mayHaveIds } from "../wires/id-places.ts";
import type { SurfaceWire } from "../wires/wire.ts";
import type { Unpriced } from "./eligible.ts";

/** A request with the provider's ids of the objects that it names. */
interface Named extends Read {
  /** Null: it only repeats names of earlier answers. */
  stored: StoredObjects | null;
}

interface Read {
  body: object;
  raw: RawBody;
}

type ReadBytes = Read & {
  /** The request as it arrived; null: not kept. */
  bytes: Buffer | null;
};

type Vaulted = Pick<Ports, "vault" | "lanes">;

const IDS_MAX = 1_000;

/**
 * The request with the provider's ids of the files and containers that it names. Null, and at once for a small body: it names none. Throws
 * 404 for an id that is not of this key, 400 for objects of several credentials.
 */
export function withStoredObjects(
  ports: Vaulted,
  grant: Grant,
  { storedIds }: SurfaceWire,
  { bytes, ...read }: ReadBytes,
): Soon<Named | null> {
  if (!storedIds) return null;
  // A search in a few kilobytes takes less time than a walk. Only a walk of a large body can be done in steps.
  if (bytes && bytes.length <= LARGE_BYTES && !mayHaveIds(bytes, storedIds)) return null;
  const finding = findingIds(read.body, storedIds);
  if (read.raw.byteLength > LARGE_BYTES) {
    const lane = ports.lanes.of(grant.org.id);
    return inTurns(finding, lane).then((ids) => (ids.length === 0 ? null : named(ports, grant, read, ids, lane)));
  }
  const ids = atOnce(finding);
  return ids.length === 0 ? null : named(ports, grant, read, ids, null);
}

async function named(
  { vault }: Vaulted,
  grant: Grant,
  { body, raw }: Read,
  ids: readonly FoundId[],
  lane: Lane | null,
): Promise<Named> {
  const steps = opening(vault.ids, grant, ids);
  const { stored, changes } = lane ? await inTurns(steps, lane) : atOnce(steps);
  return { ...(await changedBody(withIds(body, changes), body, raw, lane)), stored };
}

function* opening(
  ids: Ports["vault"]["ids"],
  { org, key }: Grant,
  found: readonly FoundId[],
): Steps<{ stored: StoredObjects | null; changes: Map<FoundId, string> }> {
  const owner = { orgId: org.id, keyId: key.id };
  const changes = new Map<FoundId, string>();
  const uploads = new Set<string>();
  let first: { credentialId: string; param: string } | null = null;
  for (const each of found) {
    const object = openAt(ids, owner, each);
    if (!object && each.place.isRepeated) continue;
    const param = pathOf(each);
    if (!object) throw new TollgateError("not_found", `There is no such ${each.place.kind} for this key.`, { param });
    if (changes.size === IDS_MAX) throw refused(param, `A request names at most ${IDS_MAX} files.`);
    changes.set(each, object.providerId);
    if (object.kind === "file") uploads.add(object.providerId);
    if (each.place.isRepeated) continue;
    const { credentialId } = object;
    first ??= { credentialId, param };
    if (first.credentialId !== credentialId)
      throw refused(param, `${param} and ${first.param} are stored with different credentials: no provider has both.`);
    yield;
  }
  return { stored: first && { ...first, uploads }, changes };
}

function openAt(
  ids: Ports["vault"]["ids"],
  owner: Pick<Resource, "orgId" | "keyId">,
  { text, place: { kind } }: FoundId,
): Resource | null {
  const open = (kind: Resource["kind"]): Resource | null => ids.open(text, { kind, ...owner });
  return kind === "file" ? (open("file") ?? open("cited_file")) : open(kind);
}

/** The candidates that have the named objects. Throws 400 if the model has none. */
export function havingObjects(
  { credentialId, param }: StoredObjects,
  candidates: readonly Unpriced[],
  { wire }: { wire: SurfaceWire },
): Unpriced[] {
  const having = candidates.filter(({ credential, way }) => credential.id === credentialId && way.wire === wire);
  if (having.length > 0) return having;
  throw refused(
    param,
    `${param} is stored at a provider that this model does not have: name a model of its credential.`,
  );
}

/** The kind of the id that a client gets for an object in an answer. A file that the key did not upload cannot be deleted by it. */
export const kindInAnswer = (stored: StoredObjects | null, providerId: string, { kind }: IdPlace): Resource["kind"] =>
  kind === "file" && !stored?.uploads.has(providerId) ? "cited_file" : kind;

const refused = (param: string, message: string): TollgateError =>
  new TollgateError("invalid_value", message, { param });
