"use client";

import { useQueryStates } from "nuqs";
import { Segmented } from "@/components/ui/segmented.tsx";
import { PERIODS, periodParams } from "./period.ts";

export function PeriodSwitch() {
  const [{ period }, set] = useQueryStates(periodParams, { shallow: false });
  return (
    <Segmented
      label="Period"
      value={period}
      onChange={(next) => void set({ period: next })}
      options={PERIODS.map((value) => ({ value, label: value }))}
    />
  );
}
