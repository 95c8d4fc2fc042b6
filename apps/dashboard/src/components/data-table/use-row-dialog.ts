"use client";

import { type ReactNode, useState } from "react";
import type { RowAction } from "@/components/data-table/row-action.ts";

interface Opened<T> {
  label: string;
  row: T;
}

interface RowDialogState<T> {
  open: (label: string, row: T) => void;
  /** The open dialog with the current row. Null if none is open. */
  dialog: ReactNode;
}

/** The open dialog of an action and its row. The dialog of a removed row stays until it closes itself. */
export function useRowDialog<T>(
  rows: readonly T[],
  rowId: (row: T) => string,
  actions: readonly RowAction<T>[],
): RowDialogState<T> {
  const [opened, setOpened] = useState<Opened<T> | null>(null);
  const open = (label: string, row: T) => setOpened({ label, row });
  const action = actions.find(({ label }) => label === opened?.label);
  if (!opened || !action || !("dialog" in action)) return { open, dialog: null };
  const row = rows.find((each) => rowId(each) === rowId(opened.row)) ?? opened.row;
  return { open, dialog: action.dialog(row, () => setOpened(null)) };
}
