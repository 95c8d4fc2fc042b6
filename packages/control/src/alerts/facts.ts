import { LIMIT_MODES, LIMIT_SCOPES, LIMIT_UNITS, LIMIT_WINDOWS } from "@tollgate/contracts/limit";
import { z } from "zod";
import { Time, Usd } from "../fields.ts";

/** Kinds of alert. A channel subscribes to some of them; a test alert reaches a channel whatever it subscribes to. */
export const ALERT_EVENTS = ["threshold", "anomaly", "books", "stale_policy", "spool_lost"] as const;
export type AlertEvent = (typeof ALERT_EVENTS)[number];

/** What each kind of alert tells, as it was when it was raised. */
export const Facts = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("threshold"),
    limitId: z.uuid(),
    scope: z.enum(LIMIT_SCOPES),
    /** An id; of a tag `name=value`; empty for the organisation. */
    subject: z.string(),
    subjectName: z.string(),
    unit: z.enum(LIMIT_UNITS),
    window: z.enum(LIMIT_WINDOWS),
    mode: z.enum(LIMIT_MODES),
    /** Percent of the amount. */
    threshold: z.int(),
    /** With what it is raised by for a while; in its unit, as its page has it. */
    amount: z.string(),
    spent: z.string(),
    windowStart: Time,
    /** Null with window total. */
    resetsAt: Time.nullable(),
    /** When a call did not fit, with a limit that is at its end before its amount is; null: the percentage was reached. */
    refusedAt: Time.nullable().default(null),
  }),
  z.object({
    kind: z.literal("anomaly"),
    /** Start of the hour. */
    hour: Time,
    spentUsd: Usd,
    /** The most that was spent in the same hour of the past weeks. */
    usualUsd: Usd,
    weeks: z.int(),
  }),
  z.object({
    kind: z.literal("books"),
    bookkeepingId: z.uuid(),
    /** Rows that were not what the events say, and were put right. */
    rows: z.int(),
    tables: z.array(z.string()),
  }),
  z.object({
    kind: z.literal("stale_policy"),
    /** A proxy has not read the organisation's policy since. */
    since: Time,
  }),
  z.object({
    kind: z.literal("spool_lost"),
    /** Calls whose end nobody knows. */
    requests: z.int(),
    /** What they are charged at: all that was held for them. */
    heldUsd: Usd,
    /** Of the first of them. */
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
