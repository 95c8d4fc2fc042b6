"use client";

import type { Filter } from "@/components/data-table/filter.ts";
import { type Filters, useFilters } from "@/components/data-table/use-filters.ts";

/** A shorter list needs no search. */
const SEARCH_FROM = 8;

interface Given<T> {
  label: string;
  rows: readonly T[];
  prefix: string;
  filters?: readonly Filter[];
  searchIn?: (row: T) => string;
}

interface TableFilters<T> {
  /** The rows to show. */
  filters: readonly Filter[];
  state: Filters;
  /** The rows that match the search. */
  found: readonly T[];
}

/** The filters of a table, and the search in rows that are loaded completely. */
export function useTableFilters<T>({ label, rows, prefix, filters = [], searchIn }: Given<T>): TableFilters<T> {
  const param = `${prefix}q`;
  const placeholder = `Search ${label.toLowerCase()}`;
  const search: Filter = { kind: "search", param, label: placeholder, placeholder, local: true };
  const all = searchIn ? [search, ...filters] : filters;
  const state = useFilters(all);
  const words = state.value(param)?.trim().toLowerCase();
  const isSearchShown = rows.length >= SEARCH_FROM || state.value(param) !== null;
  return {
    filters: isSearchShown ? all : filters,
    state,
    found: searchIn && words ? rows.filter((row) => searchIn(row).toLowerCase().includes(words)) : rows,
  };
}
