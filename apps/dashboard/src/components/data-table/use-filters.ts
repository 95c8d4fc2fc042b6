"use client";

import { debounce, parseAsString, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { type Filter, isNarrowing } from "@/components/data-table/filter.ts";

const TYPING_MS = 300;

/** A cursor is valid only for its filters, so changed filters start at the first page. */
const CURSOR = "cursor";
const FIRST_PAGE = { [CURSOR]: null };

export interface Filters {
  value: (param: string) => string | null;
  set: (filter: Filter, value: string | null) => void;
  /** Whether a filter hides rows. */
  narrowed: boolean;
  clear: () => void;
  /** Whether rows are being loaded from the server. */
  busy: boolean;
}

/** The values of filters in the URL. `others` are further parameters that "Clear" removes. */
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
