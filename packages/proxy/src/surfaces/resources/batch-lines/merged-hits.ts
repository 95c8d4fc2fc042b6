import type { GuardrailHit } from "@tollgate/contracts/usage-event";

const ORIGINS_MAX = 100;

/** The hits of many lines as those of one request: the matches of a rule are counted together. */
export function mergedHits(before: readonly GuardrailHit[], more: readonly GuardrailHit[]): GuardrailHit[] {
  const merged = [...before];
  for (const hit of more) {
    const at = merged.findIndex(({ ruleId, failure }) => ruleId === hit.ruleId && failure === hit.failure);
    const known = merged[at];
    if (!known) merged.push(hit);
    else {
      const origins = [...(known.origins ?? []), ...(hit.origins ?? [])].slice(0, ORIGINS_MAX);
      merged[at] = { ...known, count: known.count + hit.count, ...(origins.length > 0 && { origins }) };
    }
  }
  return merged;
}
