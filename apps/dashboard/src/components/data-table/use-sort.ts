"use client";

import { parseAsString, useQueryState } from "nuqs";
import type { Column } from "@/components/data-table/column.ts";

interface Sort<T> {
  rows: readonly T[];
  /** The current order of a column, as for `aria-sort`. */
  directionOf: (column: Column<T>) => "ascending" | "descending" | undefined;
  /** Sorts by a column, then in reverse, then not at all. */
  toggle: (column: Column<T>) => void;
}

/** Sorts rows by the column in the URL: `?sort=name`, or `?sort=-name` for descending. */
export function useSort<T>(columns: readonly Column<T>[], rows: readonly T[], param: string): Sort<T> {
  const [sort, setSort] = useQueryState(param, parseAsString);
  const descending = sort?.startsWith("-") ?? false;
  const sorted = columns.find(({ id, sortBy }) => sortBy && id === sort?.replace(/^-/, ""));
  const directionOf = ({ id }: Column<T>) => {
    if (id !== sorted?.id) return undefined;
    return descending ? "descending" : "ascending";
  };
  const toggle = (column: Column<T>) => {
    // Numbers start descending, texts ascending.
    const steps = column.align === "right" ? [`-${column.id}`, column.id] : [column.id, `-${column.id}`];
    void setSort(steps[steps.indexOf(sort ?? "") + 1] ?? null);
  };
  return { rows: sorted?.sortBy ? order(rows, sorted.sortBy, descending) : rows, directionOf, toggle };
}

function order<T>(rows: readonly T[], sortBy: NonNullable<Column<T>["sortBy"]>, descending: boolean): T[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [sortBy(a), sortBy(b)];
    if (left === right) return 0;
    return left < right ? -sign : sign;
  });
}
