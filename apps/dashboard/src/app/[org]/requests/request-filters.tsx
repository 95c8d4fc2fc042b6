"use client";

import { Search, X } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useEffect, useState, useTransition } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select, type SelectOption } from "@/components/ui/select.tsx";
import { filterParams, type RANGES, type STATUSES } from "./filter.ts";
import { MoreFilters } from "./more-filters.tsx";

interface Props {
  keys: readonly SelectOption<string>[];
  models: readonly SelectOption<string>[];
  providers: readonly SelectOption<string>[];
}

const RANGE_OPTIONS: readonly SelectOption<(typeof RANGES)[number]>[] = [
  { value: "15m", label: "Last 15 minutes" },
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
];

const STATUS_OPTIONS: readonly SelectOption<(typeof STATUSES)[number] | "">[] = [
  { value: "", label: "Any status" },
  { value: "2xx", label: "Succeeded" },
  { value: "error", label: "Failed", hint: "4xx and 5xx" },
  { value: "4xx", label: "Refused", hint: "4xx" },
  { value: "5xx", label: "Server errors", hint: "5xx" },
  { value: "499", label: "Client left", hint: "499" },
];

const NOTHING = Object.fromEntries(Object.keys(filterParams).map((name) => [name, null]));

const any = (label: string, options: readonly SelectOption<string>[]) => [{ value: "", label }, ...options];

export function RequestFilters({ keys, models, providers }: Props) {
  const [pending, startTransition] = useTransition();
  const [filter, setFilter] = useQueryStates(filterParams, { shallow: false, startTransition });
  const [text, setText] = useState(filter.text);
  useEffect(() => {
    if (text === filter.text) return;
    const timer = setTimeout(() => void setFilter({ text: text || null }), 300);
    return () => clearTimeout(timer);
  }, [text, filter.text, setFilter]);
  const { range, ...narrowing } = filter;
  const filtered = Object.values(narrowing).some((value) => value !== null && value !== "");
  const clear = () => {
    setText("");
    void setFilter({ ...NOTHING, range });
  };
  return (
    <search aria-label="Filter requests" aria-busy={pending} className="flex flex-wrap items-center gap-2">
      <div className="relative w-full sm:w-48">
        <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" aria-hidden />
        <Input
          type="search"
          aria-label="Search"
          placeholder="Id, model, error…"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="pl-8"
        />
      </div>
      <Select
        aria-label="Time"
        className="w-40"
        value={filter.range}
        onChange={(range) => void setFilter({ range })}
        options={RANGE_OPTIONS}
      />
      <Select
        aria-label="Status"
        className="w-32"
        value={filter.status ?? ""}
        onChange={(status) => void setFilter({ status: status || null })}
        options={STATUS_OPTIONS}
      />
      <Select
        aria-label="Key"
        className="w-32"
        value={filter.key}
        onChange={(key) => void setFilter({ key: key || null })}
        options={any("Any key", keys)}
      />
      <Select
        aria-label="Model"
        className="w-32"
        value={filter.model}
        onChange={(model) => void setFilter({ model: model || null })}
        options={any("Any model", models)}
      />
      <Select
        aria-label="Provider"
        className="w-32"
        value={filter.provider}
        onChange={(provider) => void setFilter({ provider: provider || null })}
        options={any("Any provider", providers)}
      />
      <MoreFilters filter={filter} onChange={(part) => void setFilter(part)} />
      {filtered ? (
        <Button look="ghost" onClick={clear}>
          <X aria-hidden />
          Clear
        </Button>
      ) : null}
    </search>
  );
}
