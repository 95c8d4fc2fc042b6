import { type LucideIcon, Pencil } from "lucide-react";
import type { ReactNode } from "react";

/** What the drawing of a row gets: its buttons and menu, and a way to open the dialog of an action. */
export interface RowParts {
  actions: ReactNode;
  open: (label: string) => void;
}

/** Draws the dialog of one row. */
export type RowDialog<T> = (row: T, onClose: () => void) => ReactNode;

interface Base<T> {
  /** Names the action; unique among those of a table. */
  label: string;
  icon?: LucideIcon;
  danger?: boolean;
  /** Which rows offer it: all, unless it is given. */
  when?: (row: T) => boolean;
  /** Shows a button beside the menu, with this name for screen readers. */
  button?: (row: T) => string;
}

/** What can be done to a row: opens a dialog, or runs at once. */
export type RowAction<T> = Base<T> & ({ dialog: RowDialog<T> } | { run: (row: T) => void });

export const editAction = <T>(dialog: RowDialog<T>): RowAction<T> => ({ label: "Edit", icon: Pencil, dialog });
