"use client";

import { Download } from "lucide-react";
import { useParams, useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select, type SelectOption } from "@/components/ui/select.tsx";
import { formatMonth } from "@/lib/format-month.ts";
import { fitting, type GROUPS, type INTERVALS, isOfValues, type MEASURES, RANGES, spendParams } from "./spend-query.ts";

type Range = (typeof RANGES)[number];

const isRange = (value: string): value is Range => RANGES.some((range) => range === value);

const RANGE_OPTIONS: readonly SelectOption<string>[] = [
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "month", label: "This month" },
  { value: "30d", label: "Last 30 days" },
  { value: "90d", label: "Last 90 days" },
];

const GROUP_OPTIONS: readonly SelectOption<(typeof GROUPS)[number]>[] = [
  { value: "model", label: "By model" },
  { value: "key", label: "By key" },
  { value: "team", label: "By team" },
  { value: "member", label: "By member" },
  { value: "provider", label: "By provider" },
  { value: "none", label: "All together" },
  { value: "tag", label: "By tag" },
  { value: "customer", label: "By customer" },
  { value: "session", label: "By run" },
  { value: "endUser", label: "By end user" },
  { value: "costCentre", label: "By cost centre" },
];

const INTERVAL_LABEL: Record<(typeof INTERVALS)[number], string> = {
  minute: "Per minute",
  hour: "Per hour",
  day: "Per day",
};

const MEASURE_OPTIONS: readonly { value: (typeof MEASURES)[number]; label: string }[] = [
  { value: "cost", label: "Cost" },
  { value: "requests", label: "Requests" },
  { value: "tokens", label: "Tokens" },
];

interface Props {
  interval: (typeof INTERVALS)[number];
  /** Whether the reader sees all usage: others cannot group it by values. */
  seesAll: boolean;
}

/** Range, grouping, interval and measure. All are in the URL. */
export function SpendControls({ interval, seesAll }: Props) {
  const { org } = useParams<{ org: string }>();
  const search = useSearchParams();
  const [, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(spendParams, { shallow: false, startTransition });
  const ranges = query.month
    ? [...RANGE_OPTIONS, { value: query.month, label: formatMonth(query.month) }]
    : RANGE_OPTIONS;
  return (
    <>
      <Select
        aria-label="Range"
        className="w-36"
        value={query.month ?? query.range}
        onChange={(range) => isRange(range) && void setQuery({ range, month: null, interval: null })}
        options={ranges}
      />
      <Select
        aria-label="Group by"
        className="w-36"
        value={query.by}
        onChange={(by) => void setQuery({ by })}
        options={seesAll ? GROUP_OPTIONS : GROUP_OPTIONS.filter(({ value }) => !isOfValues(value))}
      />
      <Select
        aria-label="Interval"
        className="w-32"
        value={interval}
        onChange={(next) => void setQuery({ interval: next })}
        options={fitting(query).map((value) => ({ value, label: INTERVAL_LABEL[value] }))}
      />
      <Segmented
        label="Measure"
        value={query.measure}
        onChange={(measure) => void setQuery({ measure })}
        options={MEASURE_OPTIONS}
      />
      <Button asChild>
        <a href={`/${org}/spend/export?${search}`} download>
          <Download aria-hidden />
          Export CSV
        </a>
      </Button>
    </>
  );
}
