import type { GuardrailHit } from "@tollgate/contracts/usage-event";
import type { Ports } from "../../../ports.ts";
import type { StoredObject } from "../../../wires/stored-objects.ts";
import type { ResourceCaller } from "../../surface.ts";
import type { BatchBound } from "../batch-lines/batch-bound.ts";
import type { BatchTarget } from "../batch-lines/batch-target.ts";
import type { ResourceRequest } from "../resource-request.ts";

/** A batch whose lines were checked. Nothing runs yet. */
export interface PreparedBatch {
  chosen: BatchTarget;
  bound: BatchBound;
  /** Creates the batch. */
  request: ResourceRequest;
  /** The number of its requests, by which it can be found if the provider does not answer with its id. Null: it cannot. */
  findableLines: number | null;
  /** The provider's batch object as the client gets it. */
  present(batch: StoredObject): StoredObject;
}

/** Reads and checks a request that creates a batch. `onHits`: what guardrails found so far, also before a refusal. */
export type PrepareBatch = (
  ports: Ports,
  caller: ResourceCaller,
  onHits: (hits: GuardrailHit[]) => void,
) => Promise<PreparedBatch>;
