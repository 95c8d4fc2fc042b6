import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** An action for several rows at once. Its dialog asks before it changes them. */
export interface BulkAction<T> {
  /** Names the action; unique among those of a table. */
  label: string;
  icon?: LucideIcon;
  danger?: boolean;
  /** The rows it can change. Others of the selection are left out. Default: all. */
  when?: (row: T) => boolean;
  dialog: (rows: readonly T[], onClose: () => void) => ReactNode;
}
