import type { Uuid } from "@tollgate/contracts/ids";
import { totalTokens, type UsageEvent } from "@tollgate/contracts/usage-event";
import { actualOf } from "./actual.ts";
import type { Actual } from "./store.ts";

/** What one attempt of an ended request counts on the limits of its credential. */
export interface CredentialUse {
  credentialId: Uuid;
  amounts: { usd: bigint; tokens: bigint };
  /** 1 if its price is unknown, otherwise 0. */
  unpriced: number;
}

type Ended = Parameters<typeof actualOf>[0] & Pick<UsageEvent, "attempts" | "credentialId">;

/**
 * The attempts of an ended request that were sent. An unknown cost counts nothing. A request without recorded attempts, whose
 * usage is lost, counts on the credential it was to use. Proxy and ledger both use this function, so their counters agree.
 */
export function credentialUses(event: Ended): CredentialUse[] {
  const { outcome, attempts, credentialId: own } = event;
  if (outcome === "refused") return [];
  if (attempts.length === 0) {
    const actual = own === null ? null : actualOf(event);
    if (own === null || actual === null) return [];
    const amounts = { usd: actual.usd ?? 0n, tokens: actual.tokens };
    return [{ credentialId: own, amounts, unpriced: event.costNano === null ? 1 : 0 }];
  }
  return attempts.flatMap(({ credentialId = own, unsent, use, costNano, countedNano }) => {
    if (credentialId === null || unsent) return [];
    const amounts = { usd: BigInt(countedNano ?? costNano ?? 0), tokens: BigInt(use ? totalTokens(use) : 0) };
    return [{ credentialId, amounts, unpriced: costNano === null ? 1 : 0 }];
  });
}

/** The id of a request's hold on the limits of a credential. */
export const credentialHoldId = (requestId: Uuid, credentialId: Uuid): string => `${requestId}.${credentialId}`;

const UUID_CHARS = 36;

/** The request of a hold. */
export const requestOfHold = (holdId: string): Uuid => holdId.slice(0, UUID_CHARS);

/** By hold id: the usage with which each of an ended request's holds ends. A hold that is not in it ends without usage. */
export function endsOf(event: Ended & Pick<UsageEvent, "id">): Map<string, Actual> {
  const ends = new Map<string, Actual>();
  const whole = actualOf(event);
  if (whole) ends.set(event.id, whole);
  for (const { credentialId, amounts } of credentialUses(event)) {
    const id = credentialHoldId(event.id, credentialId);
    const before = ends.get(id);
    ends.set(id, {
      usd: (before?.usd ?? 0n) + amounts.usd,
      tokens: (before?.tokens ?? 0n) + amounts.tokens,
      requests: (before?.requests ?? 0n) + 1n,
    });
  }
  return ends;
}
