import type { LimitScope } from "@tollgate/contracts/limit";
import { type Sql, sql } from "@tollgate/db/query";
import { ANY, type AttributionKind, isReserved, UNREGISTERED } from "../rollups/attribution-kinds.ts";
import type { Counted } from "./fill-counters.ts";

/** Scopes whose subjects are values that calls carry, each with its roll-up. */
const ATTRIBUTED: Partial<Record<LimitScope, AttributionKind>> = {
  tag: "tag",
  customer: "customer",
  end_user: "end_user",
  cost_centre: "cost_centre",
};

export const attributionOf = (scope: LimitScope): AttributionKind | null => ATTRIBUTED[scope] ?? null;

/** The condition for rows of single values. */
export const IS_VALUE = sql`value <> ${ANY} and value <> ${UNREGISTERED}`;

type Asked = Pick<Counted, "orgId" | "scope" | "subject">;

/**
 * SQL of one row `covers`: whether the roll-ups of attribution have all usage of a limit's subjects by name, and are complete since the
 * upgrade that brought them. Null: the scope is in other roll-ups.
 */
export function attributionCoversSql({ orgId, scope, subject }: Asked, startMs: number): Sql | null {
  const kind = attributionOf(scope);
  if (!kind) return null;
  if (subject !== null && isReserved(subject)) return sql`select false as covers`;
  const unnamed =
    subject === null
      ? sql`select from usage_attribution_hour
          where org_id = ${orgId}::uuid and kind = ${kind} and slot >= ${new Date(startMs)}::timestamptz and value = ${UNREGISTERED}`
      : sql`select from usage_value_month as m
          where m.org_id = ${orgId}::uuid and m.kind = ${kind} and m.used >= m.most and not exists (
            select from usage_value as v
            where v.org_id = m.org_id and v.kind = m.kind and v.month = m.month and v.value = ${subject})`;
  return sql`
    select exists (select from usage_kept where name = 'usage_attribution')
      and not exists (select from usage_reshape where org_id = ${orgId}::uuid)
      and not exists (${unnamed}) as covers`;
}
