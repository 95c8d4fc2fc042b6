export type Interval = "minute" | "hour" | "day";

const OPTIONS: Record<Interval, { tick: Intl.DateTimeFormatOptions; whole: Intl.DateTimeFormatOptions }> = {
  minute: {
    tick: { hour: "2-digit", minute: "2-digit" },
    whole: { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
  },
  hour: {
    tick: { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
    whole: { weekday: "short", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
  },
  day: {
    tick: { month: "short", day: "numeric" },
    whole: { weekday: "short", month: "short", day: "numeric", year: "numeric" },
  },
};

const formatter = (interval: Interval, form: "tick" | "whole", timeZone: string) => {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", ...OPTIONS[interval][form] });
  return (slot: string): string => format.format(new Date(slot));
};

/** Short text of a slot, under a chart. */
export const slotTick = (interval: Interval, timeZone: string) => formatter(interval, "tick", timeZone);
/** Long text of a slot. */
export const slotWhole = (interval: Interval, timeZone: string) => formatter(interval, "whole", timeZone);
