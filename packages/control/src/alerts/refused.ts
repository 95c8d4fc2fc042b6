import { type Uuid, uuidTimeMs } from "@tollgate/contracts/ids";
import type { Limit, LimitSubjects } from "@tollgate/contracts/limit";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { Zones } from "@tollgate/contracts/zones";
import type { PoolClient } from "@tollgate/db/pool";
import { counterKey } from "@tollgate/limits/counter-key";
import { holdEntries } from "@tollgate/limits/decide";
import { subjectsOfAttempt } from "@tollgate/policy/limit-subjects";
import type { KeptCounter } from "../ledger/counter.ts";
import { watchedOf } from "./crossed.ts";
import type { Crossing } from "./raise-thresholds.ts";

/** A limit rarely reaches exactly its amount. When it refuses a call, it counts as used up. */
const AT_ITS_END = 100;
const NOTHING = { usd: 0n, tokens: 0n };

export interface OrgLimits extends Zones {
  limits: Limit[];
}

export type Refused = Omit<Crossing, "settled"> & { refusedAtMs: number };

/** The counter that refused a call, if its limit has an alert at 100 %. Uses the current state of each limit. */
export function refusedOf(event: UsageEvent, subjects: LimitSubjects, org: OrgLimits | undefined): Refused[] {
  const { refusedBy, orgId } = event;
  const limit = org?.limits.find(({ id }) => id === refusedBy?.limitId);
  if (!org || !limit || limit.mode !== "block" || !watchedOf(limit).includes(AT_ITS_END)) return [];
  const atMs = uuidTimeMs(event.id);
  const of = limit.scope === "credential" && refusedBy ? subjectsOfAttempt(subjects, refusedBy.subject) : subjects;
  return holdEntries([limit], { subjects: of, atMs, zones: org, amounts: NOTHING })
    .filter(({ subject, unit }) => subject === refusedBy?.subject && unit !== "concurrent")
    .map(({ limitId, subject, startMs, resetsAtMs: endMs, cap }) => {
      const { scope, unit, window, mode } = limit;
      const counter = { orgId, limitId, scope, unit, window, mode, subject, startMs, endMs, cap };
      return { ...counter, threshold: AT_ITS_END, refusedAtMs: atMs };
    });
}

const SETTLED = `
  select c.limit_id, c.subject, c.window_start, c.settled
  from json_to_recordset($1) as r (org_id uuid, limit_id uuid, subject text, window_start timestamptz)
  join limit_counter as c using (org_id, limit_id, subject, window_start)`;

const keyOf = ({ limitId, startMs, subject }: { limitId: Uuid; startMs: number; subject: string }): string =>
  counterKey(limitId, startMs, subject);

/** The first refusal of each counter, with its settled amount. */
export async function atTheirEnd(client: PoolClient, refused: readonly Refused[]): Promise<Crossing[]> {
  if (refused.length === 0) return [];
  const first = new Map(refused.toSorted((a, b) => b.refusedAtMs - a.refusedAtMs).map((each) => [keyOf(each), each]));
  const asked = [...first.values()].map(({ orgId, limitId, subject, startMs }) => ({
    org_id: orgId,
    limit_id: limitId,
    subject,
    window_start: new Date(startMs),
  }));
  const { rows } = await client.query<KeptCounter>(SETTLED, [JSON.stringify(asked)]);
  const settled = new Map(
    rows.map((row) => [counterKey(row.limit_id, row.window_start.getTime(), row.subject), BigInt(row.settled)]),
  );
  return [...first].map(([key, each]) => ({ ...each, settled: settled.get(key) ?? 0n }));
}
