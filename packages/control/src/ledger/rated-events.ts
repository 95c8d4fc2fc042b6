import { perUnits, UNITS } from "@tollgate/catalog/units";
import type { DatedPrice } from "@tollgate/contracts/grant";
import type { LimitSubjects } from "@tollgate/contracts/limit";
import { StoredAttempt, type Use } from "@tollgate/contracts/usage-event";
import type { PoolClient } from "@tollgate/db/pool";
import { subjectsOfRecord } from "@tollgate/policy/limit-subjects";
import { z } from "zod";
import { datedPrice } from "../prices/present.ts";
import type { Rated } from "./reprice-event.ts";

/** The fields of an event that a re-rating needs. */
export interface RatedEvent extends Rated {
  id: string;
  subjects: LimitSubjects;
  heldNano: bigint | null;
  /** The credential that answered. */
  credentialId: string | null;
  /** The time at which its line counts, epoch milliseconds. */
  bookedMs: number;
}

interface Row {
  id: string;
  at: Date;
  bookedAt: Date;
  surface: string;
  outcome: string;
  provider: string | null;
  upstreamModel: string | null;
  teamId: string | null;
  memberId: string | null;
  keyId: string;
  modelId: string | null;
  customer: string | null;
  session: string | null;
  endUser: string | null;
  costCentre: string | null;
  tags: Record<string, string>;
  attempts: unknown;
  use: Use;
  costNano: string | null;
  heldNano: string | null;
  credentialId: string | null;
  priceVersion: string | null;
}

const Attempts = z.array(StoredAttempt);

const ratedSql = perUnits(
  (units) => `
  select e.id, e.at, coalesce(late.booked_at, e.at) as "bookedAt", e.surface, e.outcome, e.provider,
    e.upstream_model as "upstreamModel", e.team_id as "teamId", e.member_id as "memberId", e.key_id as "keyId",
    e.model_id as "modelId", e.customer, e.session, e.end_user as "endUser",
    e.cost_centre as "costCentre", e.tags, e.attempts, e.cost_nano as "costNano", e.held_nano as "heldNano", e.credential_id as "credentialId",
    e.price_version as "priceVersion",
    jsonb_build_object(${units.flatMap(({ id, column }) => (column ? `'${id}', e.${column}` : [])).join(", ")})
      || coalesce(e.use, '{}') as use
  from usage_rated as e
  left join usage_adjustment as late on late.org_id = e.org_id and late.event_id = e.id and late.reason = 'late'
  where e.org_id = $1 and e.id = any($2::uuid[]) order by e.id`,
);

const nano = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

const present = (orgId: string, row: Row): RatedEvent => ({
  id: row.id,
  atMs: row.at.getTime(),
  bookedMs: row.bookedAt.getTime(),
  surface: row.surface,
  outcome: row.outcome,
  provider: row.provider,
  upstreamModel: row.upstreamModel,
  use: row.use,
  attempts: Attempts.parse(row.attempts),
  costNano: nano(row.costNano),
  heldNano: nano(row.heldNano),
  priceVersion: row.priceVersion,
  credentialId: row.credentialId,
  subjects: subjectsOfRecord({ ...row, orgId }),
});

/** Reads events with their current cost. */
export async function readRated(
  client: PoolClient,
  orgId: string,
  ids: readonly string[],
  units = UNITS,
): Promise<RatedEvent[]> {
  const { rows } = await client.query<Row>(ratedSql(units), [orgId, ids]);
  return rows.map((row) => present(orgId, row));
}

/** Reads an organisation's own prices outside a tenant transaction. */
export async function readOwnPrices(client: PoolClient, orgId: string): Promise<DatedPrice[]> {
  const { rows } = await client.query(
    `select id, provider, upstream_model as "upstreamModel", since, input_per_million as "inputPerMillion",
       output_per_million as "outputPerMillion", cache_read_per_million as "cacheReadPerMillion",
       cache_write_per_million as "cacheWritePerMillion", units, services
     from price_override where org_id = $1`,
    [orgId],
  );
  return rows.map(datedPrice);
}
