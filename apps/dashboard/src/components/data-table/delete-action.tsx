import { type LucideIcon, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { RowAction } from "@/components/data-table/row-action.ts";
import { DeleteDialog } from "@/components/delete-dialog.tsx";
import type { OrgAction } from "@/lib/use-action.ts";

interface Deletion<T> extends Pick<RowAction<T>, "when" | "button"> {
  /** The noun of a row: `guardrail`. */
  noun: string;
  action: OrgAction<{ id: string }, unknown>;
  /** What stops working. */
  text: (row: T) => ReactNode;
  icon?: LucideIcon;
  /** Default: `Delete` and `deleted`. */
  verb?: string;
  done?: string;
}

/** Deletes, revokes or removes a row after asking. */
export const deleteAction = <T extends { id: string; name: string }>({
  noun,
  action,
  text,
  icon = Trash2,
  verb = "Delete",
  done = "deleted",
  ...offer
}: Deletion<T>): RowAction<T> => ({
  ...offer,
  label: verb,
  icon,
  danger: true,
  dialog: (row, onClose) => (
    <DeleteDialog
      id={row.id}
      action={action}
      title={`${verb} ${row.name}?`}
      confirm={`${verb} ${noun}`}
      done={`${row.name} ${done}`}
      onClose={onClose}
    >
      {text(row)}
    </DeleteDialog>
  ),
});
