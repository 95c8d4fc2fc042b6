import { LIMIT_MODES, LIMIT_SCOPES, LIMIT_UNITS, LIMIT_WINDOWS } from "@tollgate/contracts/limit";
import { z } from "zod";
import { Id, Instant, Time } from "../fields.ts";

/** US dollars as decimal text (`12.5`) with unit usd, else a whole number as text. */
const Amount = z
  .string()
  .trim()
  .min(1, "is required")
  .max(30)
  .regex(/^[0-9]+(\.[0-9]{1,9})?$/, "a plain number such as 12.5");

const PERCENT = "whole numbers from 1 to 100";

const Thresholds = z
  .array(z.int(PERCENT).min(1, PERCENT).max(100, PERCENT))
  .max(10)
  .overwrite((list) => [...new Set(list)].sort((a, b) => a - b));

const mode = z.enum(LIMIT_MODES);
const onStoreDown = z.enum(["allow", "refuse"]);

export const SetLimit = z.strictObject({
  scope: z.enum(LIMIT_SCOPES),
  /** An id; for tag `name=value`; null with scope organisation, or for each of its kind. */
  subject: z.string().normalize("NFKC").trim().min(1).max(257).nullable().default(null),
  unit: z.enum(LIMIT_UNITS),
  window: z.enum(LIMIT_WINDOWS),
  /** Windows are counted from here; null is the calendar's. */
  anchor: Instant.nullable().default(null),
  amount: Amount,
  mode: mode.default("block"),
  /** Percentages at which to warn. */
  thresholds: Thresholds.default([]),
  onStoreDown: onStoreDown.default("allow"),
});

export const ChangeLimit = z.strictObject({
  id: Id,
  amount: Amount.optional(),
  mode: mode.optional(),
  thresholds: Thresholds.optional(),
  onStoreDown: onStoreDown.optional(),
});

export const IncreaseLimit = z.strictObject({
  /** The limit's. */
  id: Id,
  /** What is added, in the limit's unit. */
  amount: Amount,
  /** When it ends by itself; null is at the end of the open window. */
  until: Instant.nullable().default(null),
  /** The reason, for later readers. */
  reason: z
    .string()
    .normalize("NFKC")
    .trim()
    .min(1, "is required")
    .max(200, "at most 200 characters")
    .regex(/^\P{Cc}*$/u, "must not contain control characters"),
});

const AmountText = z.string();

/** An entry of a limit: it is never edited, only revoked. */
export const LimitIncrease = z.object({
  id: z.uuid(),
  amount: AmountText,
  until: Time,
  reason: z.string(),
  state: z.enum(["active", "ended", "revoked"]),
  madeBy: z.string(),
  madeAt: Time,
  revokedBy: z.string().nullable(),
  revokedAt: Time.nullable(),
});
export type LimitIncrease = z.infer<typeof LimitIncrease>;

export const Limit = z.object({
  id: z.uuid(),
  scope: z.enum(LIMIT_SCOPES),
  subject: z.string().nullable(),
  subjectName: z.string().nullable(),
  unit: z.enum(LIMIT_UNITS),
  window: z.enum(LIMIT_WINDOWS),
  anchor: Time.nullable(),
  amount: AmountText,
  /** What it allows now: its amount and the increases that are active. */
  cap: AmountText,
  /** Latest first. */
  increases: z.array(LimitIncrease),
  mode,
  thresholds: z.array(z.int()),
  onStoreDown,
  /** In the open window, in the amount's unit. For a limit on each of a kind: the one that used most. */
  spent: AmountText,
  /** With unit usd, the requests of the window whose price is unknown: each is in `spent` as what was held for it. */
  unpriced: z.int(),
  /** Never below 0. */
  left: AmountText,
  windowStart: Time.nullable(),
  /** Null with window total. */
  resetsAt: Time.nullable(),
  createdAt: Time,
});
export type Limit = z.infer<typeof Limit>;
