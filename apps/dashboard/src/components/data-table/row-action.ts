import { type LucideIcon, Pencil } from "lucide-react";
import type { ReactNode } from "react";

/** Passed to the rendering of a row: its buttons and menu, and a function that opens the dialog of an action. */
export interface RowParts {
  actions: ReactNode;
  /** The checkbox that selects the row; null if rows cannot be selected. */
  select: ReactNode;
  open: (label: string) => void;
}

/** Renders the dialog of a row. */
export type RowDialog<T> = (row: T, onClose: () => void) => ReactNode;

interface Base<T> {
  /** Names the action; unique among those of a table. */
  label: string;
  icon?: LucideIcon;
  danger?: boolean;
  /** The rows that offer it. Default: all. */
  when?: (row: T) => boolean;
  /** Shows a button beside the menu, with this name for screen readers. */
  button?: (row: T) => string;
}

/** An action of a row: it opens a dialog or runs at once. */
export type RowAction<T> = Base<T> & ({ dialog: RowDialog<T> } | { run: (row: T) => void });

export const editAction = <T>(dialog: RowDialog<T>): RowAction<T> => ({ label: "Edit", icon: Pencil, dialog });
