"use client";

import { useState } from "react";

export interface Selection<T> {
  rows: readonly T[];
  has: (row: T) => boolean;
  set: (row: T, selected: boolean) => void;
  /** Whether all rows of the page are selected, or some. */
  all: boolean | "some";
  setAll: (selected: boolean) => void;
}

/** The selected rows of a page of a table. Rows that are no longer shown are not selected. */
export function useSelection<T>(rows: readonly T[], rowId: (row: T) => string): Selection<T> {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const selected = rows.filter((row) => ids.has(rowId(row)));
  const some = selected.length > 0 && ("some" as const);
  return {
    rows: selected,
    has: (row) => ids.has(rowId(row)),
    set: (row, on) => {
      const next = new Set(selected.map(rowId));
      if (on) next.add(rowId(row));
      else next.delete(rowId(row));
      setIds(next);
    },
    all: selected.length > 0 && selected.length === rows.length ? true : some,
    setAll: (on) => setIds(new Set(on ? rows.map(rowId) : [])),
  };
}
