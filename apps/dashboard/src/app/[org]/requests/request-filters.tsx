"use client";

import { useQueryStates } from "nuqs";
import type { Filter } from "@/components/data-table/filter.ts";
import { FilterRow } from "@/components/data-table/filter-row.tsx";
import { useFilters } from "@/components/data-table/use-filters.ts";
import type { SelectOption } from "@/components/ui/select.tsx";
import { moreParams } from "./filter.ts";
import { MoreFilters } from "./more-filters.tsx";

type Options = readonly SelectOption<string>[];

interface Props {
  keys: Options;
  models: Options;
  providers: Options;
}

const RANGES: Options = [
  { value: "15m", label: "Last 15 minutes" },
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
];

const STATUSES: Options = [
  { value: "", label: "Any status" },
  { value: "2xx", label: "Succeeded" },
  { value: "error", label: "Failed", hint: "4xx and 5xx" },
  { value: "4xx", label: "Refused", hint: "4xx" },
  { value: "5xx", label: "Server errors", hint: "5xx" },
  { value: "499", label: "Client left", hint: "499" },
];

const MORE = Object.keys(moreParams);

const any = (label: string, options: Options): Options => [{ value: "", label }, ...options];

const filtersOf = ({ keys, models, providers }: Props): readonly Filter[] => [
  { kind: "search", param: "text", label: "Search", placeholder: "Id, model, error…" },
  { kind: "choice", param: "range", label: "Time", options: RANGES, preset: "24h", width: "w-40" },
  { kind: "choice", param: "status", label: "Status", options: STATUSES },
  { kind: "choice", param: "key", label: "Key", options: any("Any key", keys) },
  { kind: "choice", param: "model", label: "Model", options: any("Any model", models) },
  { kind: "choice", param: "provider", label: "Provider", options: any("Any provider", providers) },
];

export function RequestFilters(props: Props) {
  const filters = filtersOf(props);
  const state = useFilters(filters, MORE);
  const [more, setMore] = useQueryStates(moreParams, { shallow: false });
  return (
    <FilterRow label="Filter requests" filters={filters} state={state}>
      <MoreFilters filter={more} onChange={(part) => void setMore(part)} />
    </FilterRow>
  );
}
