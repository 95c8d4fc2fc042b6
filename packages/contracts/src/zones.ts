import { z } from "zod";

/** A zone an organisation has left. The window a limit was in at that instant still ran to its end there. */
export const FormerZone = z.object({
  timeZone: z.string(),
  /** Epoch ms. */
  untilMs: z.int(),
});
export type FormerZone = z.infer<typeof FormerZone>;

/** The time zones by which an organisation's windows begin and end. */
export const Zones = z.object({
  /** IANA zone. */
  timeZone: z.string(),
  /** Those before it, oldest first. */
  formerZones: z.array(FormerZone).readonly().default([]),
});
export type Zones = z.infer<typeof Zones>;
