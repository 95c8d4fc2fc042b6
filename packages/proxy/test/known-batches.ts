import { createdBatch } from "@tollgate/contracts/batch";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { Ports } from "../src/ports.ts";

type Batches = Ports["directory"]["batches"];

/** The batches of a key, newest first, as the ledger knows them when it has all events. `settled`: the provider's ids. */
export async function knownBatches(
  events: readonly UsageEvent[],
  settled: ReadonlySet<string>,
  keyId: string,
  { surface, only, before, most }: Parameters<Batches>[0],
): ReturnType<Batches> {
  const known = events
    .filter((event) => event.surface === surface && event.keyId === keyId)
    .flatMap(({ credentialId, flags }) => {
      const providerId = createdBatch(flags);
      return credentialId && providerId ? [{ credentialId, providerId, isSettled: settled.has(providerId) }] : [];
    })
    .toReversed();
  const isAt = (at: { providerId: string } | undefined) => (each: { providerId: string }) =>
    each.providerId === at?.providerId;
  const from = before ? known.findIndex(isAt(before)) + 1 : 0;
  return known
    .slice(from)
    .filter((each) => !only || isAt(only)(each))
    .slice(0, most);
}
