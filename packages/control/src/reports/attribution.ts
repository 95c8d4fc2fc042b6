import { type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import type { z } from "zod";
import { invalid } from "../fields.ts";
import { type AttributionKind, NONE, UNREGISTERED } from "../rollups/attribution-kinds.ts";
import type { Range } from "../rollups/slots.ts";
import { ATTRIBUTION_GROUPS, type AttributionGroup, type GetSpend, type Spend } from "./schemas.ts";

type Asked = z.output<typeof GetSpend>;

const GROUPS: Record<AttributionGroup, { kind: AttributionKind; none: string; others: string }> = {
  tag: { kind: "tag", none: "No tag", others: "Other tags" },
  customer: { kind: "customer", none: "No customer", others: "Other customers" },
  session: { kind: "session", none: "No run", others: "Other runs" },
  endUser: { kind: "end_user", none: "No end user", others: "Other end users" },
  costCentre: { kind: "cost_centre", none: "No cost centre", others: "Other cost centres" },
};

/** What a report by values asks for. */
export interface Attribution {
  group: AttributionGroup;
  kind: AttributionKind;
  /** Absent: all. */
  value: string | undefined;
}

const isAttribution = (group: string): group is AttributionGroup => ATTRIBUTION_GROUPS.some((each) => each === group);

/**
 * The attribution that a report asks for; null: none. Its roll-ups have no other dimension. Throws `validation_failed` if it is
 * combined with one, or if the actor sees only their own usage.
 */
export function attributionOf(asked: Asked, reach: "all" | "own"): Attribution | null {
  const { groupBy } = asked;
  const picked = ATTRIBUTION_GROUPS.filter((group) => asked[group] !== undefined);
  const group = isAttribution(groupBy) ? groupBy : picked[0];
  if (!group) return null;
  if (reach === "own") throw invalid({ [isAttribution(groupBy) ? "groupBy" : group]: "needs access to all usage" });
  if (groupBy !== group && groupBy !== "none") throw invalid({ groupBy: `must be ${group} or none with ${group}` });
  for (const other of [...picked, "keyId", "teamId", "memberId", "model", "provider"] as const)
    if (other !== group && asked[other] !== undefined) throw invalid({ [other]: `cannot be combined with ${group}` });
  return { group, kind: GROUPS[group].kind, value: asked[group] };
}

/** Names of the groups. */
export const valueLabel =
  ({ group }: Attribution) =>
  (id: string) => ({
    label: { [NONE]: GROUPS[group].none, [UNREGISTERED]: GROUPS[group].others }[id] ?? id,
    deleted: false,
  });

/** The condition for columns of `usage_event`; null: all events. */
export function isOfValue({ kind, value }: Attribution): Sql | null {
  if (value === undefined) return null;
  if (kind === "customer") return sql`customer = ${value}`;
  if (kind === "session") return sql`session = ${value}`;
  if (kind === "end_user") return sql`end_user = ${value}`;
  if (kind === "cost_centre") return sql`cost_centre = ${value}`;
  const at = value.indexOf("=");
  return sql`tags @> jsonb_build_object(${value.slice(0, at)}::text, ${value.slice(at + 1)}::text)`;
}

/** How complete the figures by value are. */
export async function attributionNote(
  tx: Tx,
  orgId: string,
  { kind }: Attribution,
  { fromMs, toMs }: Range,
): Promise<NonNullable<Spend["attribution"]>> {
  const fullMonths = await tx.$queryRaw<{ month: string; values: number }[]>`
    select to_char(month, 'YYYY-MM') as month, most as values from usage_value_month
    where org_id = ${orgId}::uuid and kind = ${kind} and used >= most
      and month >= date_trunc('month', ${new Date(fromMs)}::timestamptz, 'UTC')::date
      and month < ${new Date(toMs)}::timestamptz
    order by 1`;
  const [waiting] = await tx.$queryRaw<{ since: Date }[]>`
    select (day + 1)::timestamp at time zone 'UTC' as since from usage_reshape where org_id = ${orgId}::uuid`;
  return { overlaps: kind === "tag", fullMonths, completeSince: waiting?.since.toISOString() ?? null };
}
