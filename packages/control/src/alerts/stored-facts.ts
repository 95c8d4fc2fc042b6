import { z } from "zod";
import { Facts } from "./facts.ts";

/**
 * The previous version calls the kind `ledger` `books`, and fails on kinds that it does not know. So the database keeps that
 * name as long as its processes can run. The next version stores `ledger`, and changes alerts and channels that are stored.
 */
const FORMER = "books";

export type StoredKind<K extends string> = Exclude<K, "ledger"> | typeof FORMER;

export const storedKind = <K extends string>(kind: K): StoredKind<K> =>
  kind === "ledger" ? FORMER : (kind as StoredKind<K>);

export const kindOfStored = (kind: string): string => (kind === FORMER ? "ledger" : kind);

export const storedFacts = (facts: Facts): object => ({ ...facts, kind: storedKind(facts.kind) });

/** Parses facts as either version stores them. */
export const StoredFacts = z.preprocess((stored) => {
  const former = z.looseObject({ kind: z.literal(FORMER), bookkeepingId: z.unknown() }).safeParse(stored);
  return former.success ? { maintenanceId: former.data.bookkeepingId, ...former.data, kind: "ledger" } : stored;
}, Facts);
