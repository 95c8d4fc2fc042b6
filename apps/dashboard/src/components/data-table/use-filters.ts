"use client";

import { debounce, parseAsString, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { type Filter, isNarrowing } from "@/components/data-table/filter.ts";

const TYPING_MS = 300;

interface Options {
  /** Further parameters that "Clear" removes. */
  others?: readonly string[];
  /** Prefix of the table's URL parameters. */
  prefix?: string;
}

export interface Filters {
  value: (param: string) => string | null;
  set: (filter: Filter, value: string | null) => void;
  /** Whether a filter hides rows. */
  narrowed: boolean;
  clear: () => void;
  /** Whether rows are being loaded from the server. */
  busy: boolean;
}

/** The values of filters in the URL. A cursor is valid only for its filters, so changed filters start at the first page. */
export function useFilters(filters: readonly Filter[], { others = [], prefix = "" }: Options = {}): Filters {
  const [busy, startTransition] = useTransition();
  const cursor = `${prefix}cursor`;
  const firstPage = { [cursor]: null };
  const params = [...filters.map(({ param }) => param), ...others, cursor];
  const parsers = Object.fromEntries(params.map((param) => [param, parseAsString]));
  const [values, setValues] = useQueryStates(parsers, { startTransition, shallow: false });
  const narrowing = [...filters.filter(isNarrowing).map(({ param }) => param), ...others];
  return {
    value: (param) => values[param] ?? null,
    set: (filter, value) => {
      const limits = filter.kind === "search" ? { limitUrlUpdates: debounce(TYPING_MS) } : {};
      void setValues({ [filter.param]: value || null, ...firstPage }, limits);
    },
    narrowed: narrowing.some((param) => values[param]),
    clear: () => {
      const none = Object.fromEntries(narrowing.map((param) => [param, null]));
      void setValues({ ...none, ...firstPage });
    },
    busy,
  };
}
