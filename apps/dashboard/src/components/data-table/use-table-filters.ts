"use client";

import type { Filter } from "@/components/data-table/filter.ts";
import { type Filters, useFilters } from "@/components/data-table/use-filters.ts";

/** A shorter list needs no search. */
const SEARCH_FROM = 8;

interface Given {
  label: string;
  rows: readonly unknown[];
  nextCursor?: string | null;
  prefix: string;
  filters?: readonly Filter[];
  searchable?: boolean;
}

interface TableFilters {
  /** The filters to show. */
  filters: readonly Filter[];
  state: Filters;
}

/** The filters of a table, and the search. */
export function useTableFilters({ label, rows, nextCursor, prefix, filters = [], searchable }: Given): TableFilters {
  const placeholder = `Search ${label.toLowerCase()}`;
  const search: Filter = { kind: "search", param: `${prefix}q`, label: placeholder, placeholder };
  const all = searchable ? [search, ...filters] : filters;
  const state = useFilters(all, { prefix });
  const isLong = rows.length >= SEARCH_FROM || Boolean(nextCursor);
  return { filters: isLong || state.narrowed ? all : filters, state };
}
