/** A zone an organisation has left. The window a limit was in at that instant still ran to its end there. */
export interface FormerZone {
  timeZone: string;
  /** Epoch ms. */
  untilMs: number;
}

/** By which clock an organisation's windows begin and end. */
export interface Zones {
  /** IANA zone. */
  timeZone: string;
  /** Those before it, oldest first. */
  formerZones: readonly FormerZone[];
}
