import type { Limit } from "@tollgate/control/limits/schemas";
import { History, Trash2, TrendingUp } from "lucide-react";
import { editAction, type RowAction } from "@/components/data-table/row-action.ts";
import { DeleteDialog } from "@/components/delete-dialog.tsx";
import { limitAmount, limitSubject, limitWindow } from "@/lib/format-limit.ts";
import { deleteLimitAction } from "./actions.ts";
import { EditLimitDialog } from "./edit-limit-dialog.tsx";
import { IncreasesDialog } from "./increases-dialog.tsx";
import { RaiseLimitDialog } from "./raise-limit-dialog.tsx";

export const INCREASES = "Increases";

const EDIT = editAction<Limit>((row, onClose) => <EditLimitDialog limit={row} onClose={onClose} />);

const RAISE: RowAction<Limit> = {
  label: "Raise temporarily…",
  icon: TrendingUp,
  dialog: (row, onClose) => <RaiseLimitDialog limit={row} onClose={onClose} />,
};

const increases = (mayEdit: boolean): RowAction<Limit> => ({
  label: INCREASES,
  icon: History,
  when: (row) => row.increases.length > 0,
  dialog: (row, onClose) => <IncreasesDialog limit={row} mayEdit={mayEdit} onClose={onClose} />,
});

const DELETE: RowAction<Limit> = {
  label: "Delete",
  icon: Trash2,
  danger: true,
  dialog: (row, onClose) => (
    <DeleteDialog
      id={row.id}
      action={deleteLimitAction}
      title={`Delete the limit on ${limitSubject(row)}?`}
      confirm="Delete limit"
      done="Limit deleted"
      onClose={onClose}
    >
      <p>
        {row.mode === "block"
          ? `Calls are no longer held to ${limitAmount(row.unit, row.amount)} ${limitWindow(row)}, unless another limit holds them.`
          : "It refuses nothing. Only its count is lost."}
      </p>
    </DeleteDialog>
  ),
};

/** Actions of a limit. People who may not change it can see its increases. */
export const limitActions = (mayEdit: boolean): readonly RowAction<Limit>[] =>
  mayEdit ? [EDIT, RAISE, increases(true), DELETE] : [increases(false)];
