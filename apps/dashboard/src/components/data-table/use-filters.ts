"use client";

import { debounce, parseAsString, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { type Filter, isNarrowing } from "@/components/data-table/filter.ts";

const TYPING_MS = 300;

/** A page's cursor belongs to its filters: other filters start at the first page. */
const CURSOR = "cursor";
const FIRST_PAGE = { [CURSOR]: null };

export interface Filters {
  value: (param: string) => string | null;
  set: (filter: Filter, value: string | null) => void;
  /** Whether a filter leaves rows out. */
  narrowed: boolean;
  clear: () => void;
  /** Whether the server is finding the rows. */
  busy: boolean;
}

/** The values of filters, in the address. `others` are parameters that "Clear" clears too. */
export function useFilters(filters: readonly Filter[], others: readonly string[] = []): Filters {
  const [busy, startTransition] = useTransition();
  const params = [...filters.map(({ param }) => param), ...others, CURSOR];
  const parsers = Object.fromEntries(params.map((param) => [param, parseAsString]));
  const [values, setValues] = useQueryStates(parsers, { startTransition });
  const narrowing = [...filters.filter(isNarrowing).map(({ param }) => param), ...others];
  const isLocal = filters.every((filter) => filter.kind === "search" && filter.local);
  return {
    value: (param) => values[param] ?? null,
    set: (filter, value) => {
      const isSearch = filter.kind === "search";
      const shallow = isSearch && filter.local === true;
      const limits = isSearch ? { limitUrlUpdates: debounce(TYPING_MS) } : {};
      void setValues({ [filter.param]: value || null, ...(shallow ? {} : FIRST_PAGE) }, { shallow, ...limits });
    },
    narrowed: narrowing.some((param) => values[param]),
    clear: () => {
      const none = Object.fromEntries(narrowing.map((param) => [param, null]));
      void setValues({ ...none, ...FIRST_PAGE }, { shallow: isLocal });
    },
    busy,
  };
}
