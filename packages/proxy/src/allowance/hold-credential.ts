import type { UsageBound } from "@tollgate/catalog/rates";
import { totalTokens } from "@tollgate/contracts/usage-event";
import { credentialHoldId } from "@tollgate/limits/credential-use";
import { type BearingEntry, exceeded } from "@tollgate/limits/decide";
import type { Admission, Refusal } from "@tollgate/limits/store";
import type { Admitted, Candidate } from "../call.ts";
import { dispatchText } from "../dispatch-text.ts";
import type { Ports } from "../ports.ts";
import { entriesOfCredential } from "./credential-limits.ts";
import type { Skip } from "./credential-refusal.ts";
import type { Holding } from "./holding.ts";
import { refusing } from "./limit-refusal.ts";
import { mustBeChecked } from "./must-be-checked.ts";

/** Before an attempt, makes its hold on limits of its credential, and records it. Null: the attempt may be made. */
export async function holdCredential(ports: Ports, call: Admitted, candidate: Candidate): Promise<Skip | null> {
  const skip = await reserveCredential(ports, call, candidate);
  // If this process crashes now, this attempt is charged its hold.
  if (!skip) await ports.spool.dispatched({ id: call.exchange.id, text: dispatchText(call, candidate) });
  return skip;
}

/**
 * Reserves the most that an attempt may use on every limit of its credential, or nothing. A further attempt at the same
 * credential raises that hold, which ends with the call. Null: it fits. `call.credentialHolds` is a map.
 */
export async function reserveCredential(
  ports: Ports,
  call: Holding & { bound: UsageBound },
  candidate: Candidate,
): Promise<Skip | null> {
  const { bound, credentialHolds: holds } = call;
  const { credential, maxPrice } = candidate;
  const cost = maxPrice?.maxCost(bound) ?? null;
  const amounts = { usd: cost ?? 0n, tokens: BigInt(totalTokens(bound)) };
  const asked = entriesOfCredential(call, credential.id, amounts);
  const unpriced = cost === null ? asked.find(({ unit, mode }) => unit === "usd" && mode === "block") : undefined;
  if (unpriced) return { kind: "unpriced", candidate, entry: unpriced };
  if (asked.length > 0) {
    const before = holds?.get(credential.id);
    const entries = before ? raised(before, asked) : asked;
    const verdict = await reserve(ports, call, candidate, entries, before !== undefined);
    if (verdict === "unchecked") return { kind: "unchecked", candidate, entry: entries[0] as BearingEntry };
    if (verdict && !verdict.ok) {
      call.refusedBy ??= refusing(entries, verdict);
      return { kind: "refused", candidate, entry: entries[verdict.refusedBy] as BearingEntry };
    }
    if (verdict?.ok)
      for (const { mode, limitId } of exceeded(entries, verdict.states)) call.flags.add(`limit_${mode}:${limitId}`);
    holds?.set(credential.id, entries);
  }
  return null;
}

/** The hold of earlier attempts and of one more. Attempts of one call do not run at the same time. */
const raised = (before: readonly BearingEntry[], more: readonly BearingEntry[]): BearingEntry[] =>
  before.map((entry, index) => ({
    ...entry,
    amount: entry.unit === "concurrent" ? entry.amount : entry.amount + (more[index]?.amount ?? 0n),
  }));

/** Null: the store is down, and every limit lets calls through then. `unchecked`: it is down, and one of them does not. */
async function reserve(
  ports: Ports,
  { exchange, grant, cut, flags }: Holding,
  { credential }: Candidate,
  entries: readonly BearingEntry[],
  isHeld: boolean,
): Promise<Admission | Refusal | "unchecked" | null> {
  const id = credentialHoldId(exchange.id, credential.id);
  const orgId = grant.org.id;
  try {
    if (isHeld) return await ports.limits.extend(id, orgId, entries);
    // It is not described: if the process is lost, the description of the call's own hold stands for it.
    return await ports.limits.hold(id, orgId, entries, { isWanted: () => cut.reason === null, about: () => "" });
  } catch (error) {
    ports.log.error({ requestId: exchange.id, err: String(error) }, "the limits of a credential cannot be checked");
    if (entries.some(mustBeChecked)) return "unchecked";
    flags.add("limits_unchecked");
    if (!isHeld) ports.limits.letThrough(id, orgId, entries);
    return null;
  }
}
