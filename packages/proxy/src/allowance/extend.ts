import type { LimitUnit } from "@tollgate/contracts/limit";
import { type Attempt, totalTokens } from "@tollgate/contracts/usage-event";
import type { BearingEntry } from "@tollgate/limits/decide";
import type { Admitted, Candidate } from "../call.ts";
import { dispatchText } from "../dispatch-text.ts";
import type { Ports } from "../ports.ts";
import { refusing } from "./limit-refusal.ts";
import { mustBeChecked } from "./must-be-checked.ts";

/** Event flag: a further attempt was not made because its hold did not fit into a limit. */
export const RETRY_OVER_LIMIT = "retry_over_limit";

/** Whether the raised hold fits. While the store is down: true unless a limit must be checked. */
async function fits(ports: Ports, call: Admitted, entries: BearingEntry[]): Promise<boolean> {
  const { grant, exchange } = call;
  try {
    const verdict = await ports.limits.extend(exchange.id, grant.org.id, entries);
    if (!verdict.ok) call.refusedBy = refusing(entries, verdict);
    return verdict.ok;
  } catch (error) {
    ports.log.error({ requestId: exchange.id, err: String(error) }, "the limits of a call cannot be checked");
    if (entries.some(mustBeChecked)) return false;
    call.flags.add("limits_unchecked");
    return true;
  }
}

const raise = (spare: Admitted["spare"], tokens: number, nano: bigint): void => {
  spare.tokens = Math.max(0, spare.tokens + tokens);
  spare.nano = spare.nano + nano > 0n ? spare.nano + nano : 0n;
};

/** At the start of an attempt: subtracts the most that it may use from the spare part of the hold. */
export const takeHold = ({ spare, bound }: Admitted, { maxPrice }: Candidate): void =>
  raise(spare, -totalTokens(bound), -(maxPrice?.maxCost(bound) ?? 0n));

/** At the end of an attempt with known usage: gives the unused part back. Null: nothing was used. */
export function giveBackHold({ spare, bound }: Admitted, { maxPrice }: Candidate, used: Attempt | null): void {
  const tokens = used?.use ? totalTokens(used.use) : 0;
  const nano = BigInt(used?.costNano ?? 0);
  raise(spare, totalTokens(bound) - tokens, (maxPrice?.maxCost(bound) ?? 0n) - nano);
}

/**
 * Raises the hold before a further attempt to the most that it may use; the rest of the hold of earlier attempts
 * counts. False when a limit has no room for it: the attempt must not be made.
 */
export async function extendHold(ports: Ports, call: Admitted, { maxPrice }: Candidate): Promise<boolean> {
  const { entries, bound, spare } = call;
  // Without a price there is no hold in dollars.
  const wanted = (call.heldNano !== null && maxPrice?.maxCost(bound)) || 0n;
  const nano = wanted > spare.nano ? wanted - spare.nano : 0n;
  const tokens = Math.max(0, totalTokens(bound) - spare.tokens);
  if (nano === 0n && tokens === 0) return true;
  const raises: Partial<Record<LimitUnit, bigint>> = { usd: nano, tokens: BigInt(tokens) };
  const raised = entries.map((entry) => ({ ...entry, amount: entry.amount + (raises[entry.unit] ?? 0n) }));
  if (call.isHeld && !(await fits(ports, call, raised))) {
    call.flags.add(RETRY_OVER_LIMIT);
    return false;
  }
  call.entries = raised;
  spare.nano += nano;
  spare.tokens += tokens;
  if (call.heldNano !== null) call.heldNano += nano;
  // If this process crashes now, the call is charged the raised hold. Under limits of credentials, `holdCredential` records it.
  if (!call.credentialHolds) await ports.spool.dispatched({ id: call.exchange.id, text: dispatchText(call) });
  return true;
}
