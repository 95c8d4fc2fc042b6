import { z } from "zod";

/** A former zone of an organisation. The window that was open at the change ended by the former zone. */
export const FormerZone = z.object({
  timeZone: z.string(),
  /** Epoch ms. */
  untilMs: z.int(),
});
export type FormerZone = z.infer<typeof FormerZone>;

/** The time zones that define an organisation's windows. */
export const Zones = z.object({
  /** IANA zone. */
  timeZone: z.string(),
  /** Former zones, oldest first. */
  formerZones: z.array(FormerZone).readonly().default([]),
});
export type Zones = z.infer<typeof Zones>;
