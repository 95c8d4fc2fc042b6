"use client";

import { Search, X } from "lucide-react";
import type { ReactNode } from "react";
import type { Filter } from "@/components/data-table/filter.ts";
import type { Filters } from "@/components/data-table/use-filters.ts";
import { PickSelect } from "@/components/pick/pick-select.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";

interface ControlProps {
  filter: Filter;
  value: string | null;
  onChange: (value: string | null) => void;
}

function Control({ filter, value, onChange }: ControlProps) {
  if (filter.kind === "search") {
    return (
      <div className="relative w-full sm:w-48">
        <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" aria-hidden />
        <Input
          type="search"
          aria-label={filter.label}
          placeholder={filter.placeholder}
          value={value ?? ""}
          onChange={(event) => onChange(event.target.value)}
          className="pl-8"
        />
      </div>
    );
  }
  if (filter.kind === "pick") {
    return (
      <PickSelect
        aria-label={filter.label}
        className="w-36"
        of={filter.of}
        none={filter.any}
        value={value ?? ""}
        chosen={filter.chosen}
        onChange={(next) => onChange(next || null)}
      />
    );
  }
  return (
    <Select
      aria-label={filter.label}
      className={filter.width ?? "w-32"}
      value={value ?? filter.preset ?? ""}
      onChange={(next) => onChange(next === filter.preset ? null : next)}
      options={filter.options}
    />
  );
}

interface Props {
  /** Name of the filtered rows, for screen readers. */
  label: string;
  filters: readonly Filter[];
  state: Filters;
  /** Further controls, in front of "Clear". */
  children?: ReactNode;
}

/** The filters above a table, in one row. */
export const FilterRow = ({ label, filters, state, children }: Props) => (
  <search aria-label={label} aria-busy={state.busy} className="flex flex-wrap items-center gap-2">
    {filters.map((filter) => (
      <Control
        key={filter.param}
        filter={filter}
        value={state.value(filter.param)}
        onChange={(value) => state.set(filter, value)}
      />
    ))}
    {children}
    {state.narrowed ? (
      <Button look="ghost" onClick={state.clear}>
        <X aria-hidden />
        Clear
      </Button>
    ) : null}
  </search>
);
