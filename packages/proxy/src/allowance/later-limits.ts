import type { OrgPolicy } from "@tollgate/contracts/grant";
import { uuidV7 } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { actualOf } from "@tollgate/limits/actual";
import type { Soon } from "@tollgate/limits/store";
import type { Ports } from "../ports.ts";
import { credentialEntries, usedEntries } from "./seeded-limits.ts";

/**
 * Counts an ended call on limits that were created while it ran, as the ledger does. Nothing was held for them.
 * `held` is the policy by which the call was admitted.
 */
export function countOnLaterLimits(
  { directory, limits, now }: Pick<Ports, "directory" | "limits" | "now">,
  held: OrgPolicy,
  event: UsageEvent,
): Soon<void> {
  const org = directory.org(event.orgId);
  if (!org || org.revision === held.revision) return;
  const actual = actualOf(event);
  if (!actual) return;
  const known = new Set(held.limits.map(({ id }) => id));
  const later = org.limits.filter(({ id }) => !known.has(id));
  if (later.length === 0) return;
  const id = uuidV7(now());
  const added = { ...org, limits: later };
  limits.letThrough(id, event.orgId, usedEntries(added, event, actual));
  const settled = [limits.settle(id, event.orgId, actual)];
  for (const entry of credentialEntries(added, event)) {
    const own = uuidV7(now());
    limits.letThrough(own, event.orgId, [entry]);
    settled.push(limits.settle(own, event.orgId, { usd: entry.amount, tokens: entry.amount }));
  }
  return Promise.all(settled).then(() => {});
}
