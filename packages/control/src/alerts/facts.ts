import { LIMIT_MODES, LIMIT_SCOPES, LIMIT_UNITS, LIMIT_WINDOWS } from "@tollgate/contracts/limit";
import { z } from "zod";
import { Time, Usd } from "../fields.ts";

/** Kinds of alert. A channel subscribes to some of them. A test alert always reaches its channel. */
export const ALERT_EVENTS = ["threshold", "anomaly", "ledger", "stale_policy", "spool_lost"] as const;
export type AlertEvent = (typeof ALERT_EVENTS)[number];

/** The facts of each kind of alert at the time when it was raised. */
export const Facts = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("threshold"),
    limitId: z.uuid(),
    scope: z.enum(LIMIT_SCOPES),
    /** An id; `name=value` for a tag; empty for the organisation. */
    subject: z.string(),
    subjectName: z.string(),
    unit: z.enum(LIMIT_UNITS),
    window: z.enum(LIMIT_WINDOWS),
    mode: z.enum(LIMIT_MODES),
    /** Percentage of the amount. */
    threshold: z.int(),
    /** Amount with the active increases, in the limit's unit, formatted as on its page. */
    amount: z.string(),
    spent: z.string(),
    windowStart: Time,
    /** Null with window total. */
    resetsAt: Time.nullable(),
    /** When a call was refused although the amount was not fully used; null: the percentage was reached. */
    refusedAt: Time.nullable().default(null),
  }),
  z.object({
    kind: z.literal("anomaly"),
    /** Start of the hour. */
    hour: Time,
    spentUsd: Usd,
    /** The highest spend in the same hour of the past weeks. */
    usualUsd: Usd,
    weeks: z.int(),
  }),
  z.object({
    kind: z.literal("ledger"),
    /** The maintenance request that found them. */
    maintenanceId: z.uuid(),
    /** The former name of `maintenanceId`. The next version removes it. */
    bookkeepingId: z.uuid().meta({ deprecated: true }),
    /** Rows that differed from the events and were corrected. */
    rows: z.int(),
    tables: z.array(z.string()),
  }),
  z.object({
    kind: z.literal("stale_policy"),
    /** The last time a proxy read the organisation's policy. */
    since: Time,
  }),
  z.object({
    kind: z.literal("spool_lost"),
    /** Calls whose outcome is unknown. */
    requests: z.int(),
    /** Their charge: the sum of their holds. */
    heldUsd: Usd,
    /** Time of the first of them. */
    since: Time,
  }),
  z.object({
    kind: z.literal("test"),
    channelName: z.string(),
    askedBy: z.string(),
  }),
]);
export type Facts = z.infer<typeof Facts>;
export type FactsOf<K extends Facts["kind"]> = Extract<Facts, { kind: K }>;
