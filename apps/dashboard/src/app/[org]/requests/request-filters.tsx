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
  /** The key in the URL. */
  chosenKey: SelectOption<string> | undefined;
  /** Whether the person may see the organisation's models. */
  models: boolean;
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

const MODEL: Filter = { kind: "pick", param: "model", label: "Model", of: "model-name", any: "Any model" };

const filtersOf = ({ chosenKey, models, providers }: Props): readonly Filter[] => [
  { kind: "search", param: "text", label: "Search", placeholder: "Id, model, error…" },
  { kind: "choice", param: "range", label: "Time", options: RANGES, preset: "24h", width: "w-40" },
  { kind: "choice", param: "status", label: "Status", options: STATUSES },
  { kind: "pick", param: "key", label: "Key", of: "key", any: "Any key", chosen: chosenKey },
  ...(models ? [MODEL] : []),
  { kind: "choice", param: "provider", label: "Provider", options: any("Any provider", providers) },
];

export function RequestFilters(props: Props) {
  const filters = filtersOf(props);
  const state = useFilters(filters, { others: MORE });
  const [more, setMore] = useQueryStates(moreParams, { shallow: false });
  return (
    <FilterRow label="Filter requests" filters={filters} state={state}>
      <MoreFilters filter={more} onChange={(part) => void setMore(part)} />
    </FilterRow>
  );
}
