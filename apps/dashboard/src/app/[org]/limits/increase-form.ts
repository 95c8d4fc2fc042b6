import type { Limit } from "@tollgate/control/limits/schemas";
import type { SelectOption } from "@/components/ui/select.tsx";
import { endOfDay } from "@/lib/zoned-day.ts";

const HOUR_MS = 3_600_000;

const FOR_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;

export type Until = "window" | keyof typeof FOR_MS | "date";

/** The text in the field. */
export interface IncreaseForm {
  amount: string;
  until: Until;
  /** For `date`: the last day. */
  day: string;
  reason: string;
}

export function untilOptions({ window, resetsAt }: Limit): readonly SelectOption<Until>[] {
  // The end of the current minute or hour is too near.
  const end: SelectOption<Until>[] =
    resetsAt && window !== "minute" && window !== "hour"
      ? [{ value: "window", label: `The end of this ${window}` }]
      : [];
  return [
    ...end,
    { value: "hour", label: "In an hour" },
    { value: "day", label: "In 24 hours" },
    { value: "week", label: "In 7 days" },
    { value: "date", label: "The end of a day…" },
  ];
}

function instantOf({ until, day }: IncreaseForm, timeZone: string, nowMs: number): string | null {
  if (until === "window") return null;
  // Invalid text is sent unchanged: the verb returns the error.
  if (until === "date") return endOfDay(day, timeZone) ?? day;
  return new Date(nowMs + FOR_MS[until]).toISOString();
}

export const increaseInput = (id: string, form: IncreaseForm, timeZone: string, nowMs: number) => ({
  id,
  amount: form.amount,
  reason: form.reason,
  until: instantOf(form, timeZone, nowMs),
});
