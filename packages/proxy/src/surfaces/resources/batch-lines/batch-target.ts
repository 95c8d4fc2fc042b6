import type { Stores } from "@tollgate/catalog/providers";
import { TollgateError } from "@tollgate/contracts/errors";
import type { Grant, RoutedModel } from "@tollgate/contracts/grant";
import type { Candidate } from "../../../call.ts";
import { eligible, priced, type Unpriced } from "../../../routing/eligible.ts";
import type { InferenceSurface } from "../../surface.ts";
import { storesAt } from "../storing-credentials.ts";

/** The one target that takes all lines of a batch. */
export interface BatchTarget {
  model: RoutedModel;
  candidate: Candidate;
}

interface Wanted {
  surface: InferenceSurface;
  /** What the target's provider must store. */
  stores: keyof Stores;
  atMs: number;
  /** The credential that has the lines; null: any. */
  credentialId: string | null;
}

/**
 * The first target of a model, by priority, whose provider takes batches in the format of the lines. Throws 400, 403, 404.
 */
export function batchTarget(grant: Grant, name: string, wanted: Wanted): BatchTarget {
  const { surface, stores, atMs, credentialId } = wanted;
  const { model, candidates } = eligible(grant, name, surface);
  const isAble = ({ way, credential }: Unpriced): boolean =>
    way.wire === surface.wire &&
    way.isLocal !== true &&
    storesAt(credential, stores) !== undefined &&
    (credentialId === null || credential.id === credentialId);
  const [first] = candidates.filter(isAble).sort((a, b) => a.target.priority - b.target.priority);
  if (first) return { model, candidate: priced(first, grant.org, atMs) };
  const message = `No provider of the model ${name} takes batches of these requests.`;
  throw new TollgateError("invalid_value", message, { param: "model" });
}
