"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { useTransition } from "react";
import type { Column } from "@/components/data-table/column.ts";

interface Sort<T> {
  rows: readonly T[];
  /** The current order of a column, as for `aria-sort`. */
  directionOf: (column: Column<T>) => "ascending" | "descending" | undefined;
  /** Sorts by a column, then in reverse, then not at all. */
  toggle: (column: Column<T>) => void;
  /** Whether rows are being loaded from the server. */
  busy: boolean;
}

export const isSortable = <T>({ sort, sortBy }: Column<T>): boolean => Boolean(sort ?? sortBy);

const nameOf = <T>({ id, sort }: Column<T>): string => sort ?? id;

/**
 * Sorts rows by the field in the URL: `?sort=name`, or `?sort=-name` for descending. A column with `sort` is sorted by the server.
 * A cursor is valid only for its order, so another order begins at the first page.
 */
export function useSort<T>(columns: readonly Column<T>[], rows: readonly T[], prefix = ""): Sort<T> {
  const [busy, startTransition] = useTransition();
  const [param, cursor] = [`${prefix}sort`, `${prefix}cursor`];
  const parsers = { [param]: parseAsString, [cursor]: parseAsString };
  const [values, setValues] = useQueryStates(parsers, { startTransition });
  const sort = values[param] ?? null;
  const descending = sort?.startsWith("-") ?? false;
  const sorted = columns.find((column) => isSortable(column) && nameOf(column) === sort?.replace(/^-/, ""));
  const directionOf = (column: Column<T>) => {
    if (column.id !== sorted?.id) return undefined;
    return descending ? "descending" : "ascending";
  };
  const toggle = (column: Column<T>) => {
    const name = nameOf(column);
    // Numbers start descending, texts ascending.
    const steps = column.align === "right" ? [`-${name}`, name] : [name, `-${name}`];
    const next = steps[steps.indexOf(sort ?? "") + 1] ?? null;
    void setValues({ [param]: next, [cursor]: null }, { shallow: !column.sort });
  };
  const inBrowser = sorted?.sort === undefined ? sorted?.sortBy : undefined;
  return { rows: inBrowser ? order(rows, inBrowser, descending) : rows, directionOf, toggle, busy };
}

function order<T>(rows: readonly T[], sortBy: NonNullable<Column<T>["sortBy"]>, descending: boolean): T[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [sortBy(a), sortBy(b)];
    if (left === right) return 0;
    return left < right ? -sign : sign;
  });
}
