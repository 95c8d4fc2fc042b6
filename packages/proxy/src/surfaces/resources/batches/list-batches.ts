import type { Stores } from "@tollgate/catalog/providers";
import type { BatchSurfaceName } from "@tollgate/contracts/batch";
import { TollgateError } from "@tollgate/contracts/errors";
import type { Resource, ResourceKind } from "@tollgate/vault/resource-id";
import type { KnownBatch, Ports } from "../../../ports.ts";
import type { StoredObject } from "../../../wires/stored-objects.ts";
import type { ResourceCaller } from "../../surface.ts";
import type { ListQuery } from "../list-query.ts";
import { Unanswered } from "../unanswered.ts";
import { type FoundBatch, placeOf } from "./find-batch.ts";

/** Requests to providers at a time. */
const AT_ONCE = 5;

interface Listed {
  data: StoredObject[];
  hasMore: boolean;
  unanswered: Unanswered;
}

interface Listing {
  surface: BatchSurfaceName;
  kind: ResourceKind;
  /** The parameter that names the last object of the page before. */
  after: string;
  /** Where the provider has it. */
  what: keyof Stores;
  /** Reads one batch at its provider; null: the provider no longer has it. */
  read(found: FoundBatch): Promise<StoredObject | null>;
}

/**
 * The batches of this key, newest first: those that the ledger knows, each as its provider has it now. A new batch is listed
 * when its event has arrived in the ledger.
 */
export async function listBatches(
  ports: Ports,
  caller: ResourceCaller,
  query: ListQuery,
  { surface, kind, after, what, read }: Listing,
): Promise<Listed> {
  const { grant } = caller;
  const owner = { orgId: grant.org.id, keyId: grant.key.id };
  const last = query.after === null ? null : ports.vault.ids.open(query.after, { kind, ...owner });
  if (query.after !== null && !last)
    throw new TollgateError("not_found", "There is no such batch for this key.", { param: after });
  const asked = { ...owner, surface, most: query.limit + 1, ...(last && { before: last }) };
  const known = await ports.directory.batches(asked);
  const data: StoredObject[] = [];
  const unanswered = new Unanswered(ports, caller);
  const page = known.slice(0, query.limit);
  for (let at = 0; at < page.length; at += AT_ONCE) {
    const part = page.slice(at, at + AT_ONCE);
    const found = await Promise.all(
      part.map((each) => {
        const place = placeOf(grant, resourceOf(each, kind, owner), what);
        return place && unanswered.ask(place.credential, () => read(place));
      }),
    );
    data.push(...found.filter((each) => each !== null));
  }
  return { data, hasMore: known.length > query.limit, unanswered };
}

const resourceOf = (
  { credentialId, providerId }: KnownBatch,
  kind: ResourceKind,
  owner: Pick<Resource, "orgId" | "keyId">,
): Resource => ({ kind, ...owner, credentialId, providerId });
