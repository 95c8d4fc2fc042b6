import { z } from "zod";
import { Time } from "../fields.ts";

/** Usage may arrive, and is counted, up to 35 days late. So no request is deleted sooner. */
export const REQUESTS_DAYS_MIN = 35;
/** Longer than any window that ends: a threshold alerts once per window. */
const ALERTS_DAYS_MIN = 100;
const DAYS_MAX = 3_650;

const days = (min: number) =>
  z
    .int("must be a whole number of days")
    .min(min, `at least ${min} days`)
    .max(DAYS_MAX, `at most ${DAYS_MAX} days`)
    .nullable();

/** Null: as long as the installation keeps them. A longer time than the installation's has no effect. */
export const Retention = z.object({
  /** Requests with their attempts, tags and metadata. Spend and closed months keep their figures. */
  requestsDays: z.int().nullable(),
  /** Alerts and their deliveries. */
  alertsDays: z.int().nullable(),
  /** Requests before this instant are deleted. Null: none is yet. */
  requestsSince: Time.nullable(),
});
export type Retention = z.infer<typeof Retention>;

export const UpdateRetention = z.strictObject({
  requestsDays: days(REQUESTS_DAYS_MIN).optional(),
  alertsDays: days(ALERTS_DAYS_MIN).optional(),
});
