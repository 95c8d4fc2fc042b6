import { priceServed } from "@tollgate/catalog/price";
import { BATCH } from "@tollgate/catalog/services";
import { BATCH_UNKNOWN, type BatchSurfaceName, batchFlag } from "@tollgate/contracts/batch";
import { eventText, NOTHING_USED } from "@tollgate/contracts/usage-event";
import { holdBatch } from "../allowance/hold-batch.ts";
import { type Authenticated, type Call, type Candidate, type Ending, NO_USE } from "../call.ts";
import { openAttempt, usageEvent } from "../event.ts";
import { tollgateError } from "../failure.ts";
import { ATTEMPT_ESTIMATED } from "../metering/usage.ts";
import type { Ports } from "../ports.ts";
import { badAnswer } from "../providers/failure.ts";
import { prepareBatch } from "../surfaces/resources/batches/prepare-batch.ts";
import { prepareMessageBatch } from "../surfaces/resources/batches/prepare-message-batch.ts";
import type { PrepareBatch } from "../surfaces/resources/batches/prepared-batch.ts";
import { jsonAnswer, jsonReply } from "../surfaces/resources/json-answer.ts";
import { ResourceError, resourceCall } from "../surfaces/resources/resource-call.ts";
import type { BatchSurface, Reply } from "../surfaces/surface.ts";
import { isString, type StoredObject } from "../wires/stored-objects.ts";

const PREPARE: Readonly<Record<BatchSurfaceName, PrepareBatch>> = {
  batches: prepareBatch,
  "message-batches": prepareMessageBatch,
};
/** The ledger cannot store control characters. */
const ID = /^[!-~]{1,100}$/;

interface CreatedBatch {
  reply: Reply;
  ending: Ending;
}

/**
 * Checks the lines of a batch, holds the most that they may use, and creates the batch. Its event has no cost: limits count
 * the held amount until the result settles it (`control/batches/settle-batch`). Throws 400, 402, 403, 404, 429, 5xx.
 */
export async function createBatch(ports: Ports, call: Authenticated, { name }: BatchSurface): Promise<CreatedBatch> {
  const batch = await PREPARE[name](ports, call, (hits) => {
    call.guardrails = hits;
  });
  const { model, candidate: listed } = batch.chosen;
  const candidate = { ...listed, price: listed.price && priceServed(listed.price, BATCH) };
  call.model = model;
  call.asked = { ...ASKED, model: model.name };
  call.candidates = [candidate];
  await holdBatch(ports, call, candidate, batch.bound);
  await ports.spool.dispatched({ id: call.exchange.id, text: interruptedText(call, candidate) });
  let answer: StoredObject;
  try {
    const { credential } = candidate;
    answer = await jsonAnswer(ports, call.grant.org.id, await resourceCall(ports, call, credential, batch.request));
    const { id } = answer;
    if (!isString(id) || !ID.test(id)) throw tollgateError(badAnswer(200, "no id of a batch"));
    call.flags.add(batchFlag(id));
  } catch (error) {
    // The provider may have created the batch, and nobody knows its id: the hold is charged.
    if (!(error instanceof ResourceError) || error.mayBeDone) chargeHold(call, candidate);
    throw error;
  }
  return { reply: jsonReply(batch.present(answer)), ending: endingOf(call, candidate) };
}

const ASKED = { stream: false, wantsUsage: false, maxOutputTokens: null, choices: 1, endUser: null };

/** The cost is unknown until the batch is settled, and counts as the held amount. */
const endingOf = ({ heldNano }: Call, { provider, target, credential, price }: Candidate): Ending => ({
  ...NO_USE,
  status: 200,
  outcome: "complete",
  error: null,
  errorMessage: null,
  provider: provider.id,
  upstreamModel: target.upstreamModel,
  credentialId: credential.id,
  cost: heldNano === 0n ? 0n : null,
  counted: heldNano === 0n ? 0n : null,
  pricing: heldNano === 0n ? "free" : "unpriced",
  priceVersion: price?.version ?? null,
});

/** The event that is recorded if this process crashes before it knows whether the batch was created: charged its hold. */
function interruptedText(call: Authenticated, candidate: Candidate): string {
  const { heldNano, grant } = call;
  const event = usageEvent(call, grant, {
    ...endingOf(call, candidate),
    status: 502,
    outcome: "interrupted",
    error: "upstream_error",
    errorMessage: "The gateway stopped before it knew the id of this batch.",
    source: "estimated",
    cost: heldNano,
    counted: heldNano,
    pricing: heldNano === null ? "unpriced" : "priced",
  });
  return eventText({ ...event, use: NOTHING_USED, flags: [...event.flags, "interrupted"] });
}

/** The request as an attempt that used the held amount. */
function chargeHold(call: Authenticated, candidate: Candidate): void {
  const { heldNano, bound } = call;
  call.credentialId = candidate.credential.id;
  call.priceVersion = candidate.price?.version ?? null;
  call.flags.add(ATTEMPT_ESTIMATED).add(BATCH_UNKNOWN);
  call.attempts.push({
    ...openAttempt(candidate, performance.now() - call.startedAt),
    use: { input: bound?.input ?? 0, output: bound?.output ?? 0 },
    costNano: heldNano === null ? null : String(heldNano),
    error: "upstream_error",
    served: [...BATCH],
  });
}
