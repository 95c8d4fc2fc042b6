import { priceServed } from "@tollgate/catalog/price";
import { BATCH } from "@tollgate/catalog/services";
import { BATCH_UNKNOWN, type BatchSurfaceName, batchFlag, unsureBatchId } from "@tollgate/contracts/batch";
import { TollgateError } from "@tollgate/contracts/errors";
import { eventText, NOTHING_USED } from "@tollgate/contracts/usage-event";
import { holdBatch } from "../allowance/hold-batch.ts";
import { type Authenticated, type Call, type Candidate, type Ending, NO_USE } from "../call.ts";
import { openAttempt, usageEvent } from "../event.ts";
import { tollgateError } from "../failure.ts";
import { ATTEMPT_ESTIMATED } from "../metering/usage.ts";
import type { Ports } from "../ports.ts";
import { badAnswer } from "../providers/failure.ts";
import { asTollgateError } from "../refuse.ts";
import { prepareBatch } from "../surfaces/resources/batches/prepare-batch.ts";
import { prepareMessageBatch } from "../surfaces/resources/batches/prepare-message-batch.ts";
import type { PrepareBatch } from "../surfaces/resources/batches/prepared-batch.ts";
import { jsonAnswer, jsonReply } from "../surfaces/resources/json-answer.ts";
import { ResourceError, resourceCall } from "../surfaces/resources/resource-call.ts";
import type { BatchSurface, Reply } from "../surfaces/surface.ts";
import { isString } from "../wires/stored-objects.ts";

const PREPARE: Readonly<Record<BatchSurfaceName, PrepareBatch>> = {
  batches: prepareBatch,
  "message-batches": prepareMessageBatch,
};
/** The ledger cannot store control characters. */
const ID = /^[!-~]{1,100}$/;

interface CreatedBatch {
  ending: Ending;
  /** What the client gets. */
  answer: { reply: Reply } | { refusal: TollgateError };
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
  const { findableLines: lines } = batch;
  const unsure = lines === null ? null : batchFlag(unsureBatchId({ requestId: call.exchange.id, lines }));
  await ports.spool.dispatched({ id: call.exchange.id, text: interruptedText(call, candidate, unsure) });
  try {
    const { credential } = candidate;
    const body = await resourceCall(ports, call, credential, batch.request);
    const created = await jsonAnswer(ports, call.grant.org.id, body);
    const { id } = created;
    if (!isString(id) || !ID.test(id)) throw tollgateError(badAnswer(200, "no id of a batch"));
    call.flags.add(batchFlag(id));
    return { answer: { reply: jsonReply(batch.present(created)) }, ending: endingOf(call, candidate) };
  } catch (error) {
    if (error instanceof ResourceError && !error.mayBeDone) throw error;
    // The provider may have created the batch. A job looks for it and ends the hold.
    const refusal = final(asTollgateError(error));
    if (unsure !== null && call.heldNano !== 0n) {
      call.flags.add(unsure);
      const { code, status, message } = refusal;
      const failed = { status, outcome: "failed", error: code, errorMessage: message } as const;
      return { answer: { refusal }, ending: { ...endingOf(call, candidate), ...failed } };
    }
    chargeHold(call, candidate);
    throw refusal;
  }
}

/** Tells SDKs not to create the batch again by themselves: it may exist, and a second one costs as much. */
function final({ code, message, detail, internal }: TollgateError): TollgateError {
  const headers = { ...detail.headers, "x-should-retry": "false" };
  return new TollgateError(code, message, { ...detail, headers }, internal);
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

/**
 * The event that is recorded if this process crashes before it knows whether the batch was created. Its hold ends when a job has
 * looked for the batch, or is charged if it cannot be found.
 */
function interruptedText(call: Authenticated, candidate: Candidate, unsure: string | null): string {
  const { heldNano, grant } = call;
  const open = endingOf(call, candidate);
  const event = usageEvent(call, grant, {
    ...open,
    status: 502,
    outcome: "interrupted",
    error: "upstream_error",
    errorMessage: "The gateway stopped before it knew the id of this batch.",
    ...(unsure === null && {
      ...({ source: "estimated", pricing: heldNano === null ? "unpriced" : "priced" } as const),
      cost: heldNano,
      counted: heldNano,
    }),
  });
  const flags = [...event.flags, ...(unsure === null ? [] : [unsure]), "interrupted"];
  return eventText({ ...event, use: NOTHING_USED, flags });
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
