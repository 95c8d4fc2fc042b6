import { LIMIT_MODES, LIMIT_SCOPES, LIMIT_UNITS, LIMIT_WINDOWS } from "@tollgate/contracts/limit";
import { z } from "zod";
import { rows } from "../bulk/rows.ts";
import { Id, Instant, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";

/** Decimal text (`12.5`) for unit usd, otherwise a whole number as text. */
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

export const LIMIT_SORTS = ["createdAt", "used", "scope"] as const;

/** Sort `used`: the used share of the cap in the open window; for a limit on each of a kind, of the one with the most usage. */
export const ListLimits = listInput(LIMIT_SORTS, "createdAt", {
  scope: z.enum(LIMIT_SCOPES).optional(),
  /** Only limits with this subject. */
  subject: z.string().trim().max(257).optional(),
  unit: z.enum(LIMIT_UNITS).optional(),
  window: z.enum(LIMIT_WINDOWS).optional(),
  mode: mode.optional(),
});

export const SetLimit = z.strictObject({
  scope: z.enum(LIMIT_SCOPES),
  /** An id; `name=value` for a tag; null with scope organisation, or if the limit applies to each of its kind. */
  subject: z.string().normalize("NFKC").trim().min(1).max(257).nullable().default(null),
  unit: z.enum(LIMIT_UNITS),
  window: z.enum(LIMIT_WINDOWS),
  /** Windows begin at this instant; null: calendar windows. */
  anchor: Instant.nullable().default(null),
  amount: Amount,
  mode: mode.default("block"),
  /** Percentages that raise an alert. */
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
  /** Id of the limit. */
  id: Id,
  /** The added amount, in the limit's unit. */
  amount: Amount,
  /** When it ends; null: at the end of the open window. */
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

/** An increase of a limit. It cannot be edited, only revoked. */
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
  /** Usage in the open window, in the amount's unit. For a limit on each of a kind: of the one with the most usage. */
  spent: AmountText,
  /** For unit usd: requests of the window whose price is unknown. `spent` includes their holds. */
  unpriced: z.int(),
  /** Never below 0. */
  left: AmountText,
  windowStart: Time.nullable(),
  /** Usage before this instant does not count yet; null: all usage of the open window counts. */
  countingSince: Time.nullable(),
  /** Null with window total. */
  resetsAt: Time.nullable(),
  createdAt: Time,
});
export type Limit = z.infer<typeof Limit>;

/**
 * A row of a bulk setting. A team, member, key, model or credential is given by id as `subject`, or as `subjectName`: the team's name, the
 * member's e-mail address, the key's public id, the model's or the credential's name.
 */
export const BulkLimit = SetLimit.extend({
  subjectName: z.string().normalize("NFKC").trim().min(1).max(254).optional(),
});

export const BulkSetLimits = z.strictObject({ items: rows(BulkLimit) });

/** The ids of the new limits, in the order of the rows. */
export const BulkSetAnswer = z.object({ ids: z.array(z.uuid()) });

export const BulkChangeLimits = z.strictObject({ items: rows(ChangeLimit) });

export const BulkDeleteLimits = z.strictObject({ ids: rows(Id) });

/** How many were changed. */
export const BulkLimitsChanged = z.object({ changed: z.int() });
