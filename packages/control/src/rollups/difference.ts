import { z } from "zod";
import { Time } from "../fields.ts";

/** How many rows of a table differed from the events: of a roll-up's day, of the limit counters or of a closed month. */
export const Difference = z.object({ table: z.string(), day: Time.nullable(), rows: z.int() });
export type Difference = z.infer<typeof Difference>;
