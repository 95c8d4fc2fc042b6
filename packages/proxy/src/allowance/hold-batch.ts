import { TollgateError } from "@tollgate/contracts/errors";
import type { LimitUnit } from "@tollgate/contracts/limit";
import type { Authenticated, Candidate } from "../call.ts";
import type { Ports } from "../ports.ts";
import { credentialLimits } from "./credential-limits.ts";
import { credentialRefusal } from "./credential-refusal.ts";
import { bearingEntries, checkPriced, checkSpool, credentialEntries, reserve } from "./hold.ts";
import { reserveCredential } from "./hold-credential.ts";
import type { Holding } from "./holding.ts";
import { aboutCall } from "./lost-event.ts";

/** The most that the lines of a batch can use together. */
export interface BatchMost {
  input: number;
  output: number;
  /** nano-USD; null: unknown. */
  costNano: bigint | null;
  /** A field that asks for a service whose price is unknown; null: there is none. */
  unpricedField: string | null;
}

/** Limits of tokens in these windows bound the pace of calls. A batch runs at the pace of its provider. */
const PACES = new Set(["minute", "hour"]);

/**
 * Reserves the most that a batch may use on every limit that applies. Limits of tokens by the minute or hour do not apply.
 * `call` has the model and the target of the batch. Throws 400 `model_not_priced`, 402, 429, 503.
 */
export async function holdBatch(ports: Ports, call: Authenticated, candidate: Candidate, most: BatchMost) {
  const { input, output, costNano } = most;
  const bound = { input, output };
  const holding = Object.assign(call, { bound, heldNano: costNano }) as Authenticated &
    Holding & { bound: typeof bound };
  const entries = bearingEntries(holding).filter(({ unit, limit }) => unit !== "tokens" || !PACES.has(limit.window));
  const ofCredentials = credentialLimits(call.grant.org).length > 0 ? credentialEntries(holding) : [];
  const all = [...entries, ...ofCredentials];
  await ports.limitGate.pass(call.grant.org.id, all, call.cut);
  const blocks = (unit: LimitUnit): boolean => all.some((entry) => entry.mode === "block" && entry.unit === unit);
  if (blocks("usd")) {
    checkSpool(ports, call);
    checkPriced(most.unpricedField);
    if (costNano === null) throw notPriced(holding.model.name);
  }
  for (const entry of entries) {
    if (entry.unit === "usd") entry.amount = costNano ?? 0n;
    if (entry.unit === "tokens") entry.amount = BigInt(input + output);
  }
  await reserve(ports, holding, entries, () => aboutCall(holding, input, input + output));
  if (ofCredentials.length === 0) return;
  call.credentialHolds = new Map();
  const maxPrice = candidate.price && costNano !== null ? { ...candidate.price, maxCost: () => costNano } : null;
  const skip = await reserveCredential(ports, holding, { ...candidate, maxPrice });
  if (skip) throw credentialRefusal(holding, [skip]);
}

function notPriced(model: string): TollgateError {
  const message = `A budget applies and the price of batches of ${model} is unknown, so it cannot be used for them.`;
  return new TollgateError("model_not_priced", message, { param: "model" });
}
