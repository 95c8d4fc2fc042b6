import type { Limit } from "@tollgate/control/limits/schemas";
import { Pencil, Trash2 } from "lucide-react";
import type { BulkAction } from "@/components/data-table/bulk-action.ts";
import { BulkConfirm } from "@/components/data-table/bulk-confirm.tsx";
import { bulkDeleteLimitsAction } from "./actions.ts";
import { ChangeLimitsDialog } from "./change-limits-dialog.tsx";

const limits = (rows: readonly Limit[]): string => (rows.length === 1 ? "1 limit" : `${rows.length} limits`);

/** What can be done with several limits at once. */
export const BULK_LIMIT_ACTIONS: readonly BulkAction<Limit>[] = [
  { label: "Change", icon: Pencil, dialog: (rows, onClose) => <ChangeLimitsDialog limits={rows} onClose={onClose} /> },
  {
    label: "Delete",
    icon: Trash2,
    danger: true,
    dialog: (rows, onClose) => (
      <BulkConfirm
        title={`Delete ${limits(rows)}?`}
        confirm={`Delete ${limits(rows)}`}
        done={`${limits(rows)} deleted`}
        action={bulkDeleteLimitsAction}
        input={{ ids: rows.map(({ id }) => id) }}
        onClose={onClose}
      >
        Calls are no longer held to them, unless other limits hold them. Their counts are lost.
      </BulkConfirm>
    ),
  },
];
