import type { Key } from "@tollgate/control/keys/schemas";
import { Ban } from "lucide-react";
import type { RowAction } from "@/components/data-table/row-action.ts";
import { DeleteDialog } from "@/components/delete-dialog.tsx";
import { Time } from "@/components/ui/time.tsx";
import { revokeKeyAction } from "./actions.ts";

export const REVOKE_KEY: RowAction<Key> = {
  label: "Revoke",
  icon: Ban,
  danger: true,
  when: ({ state }) => state !== "revoked",
  dialog: (row, onClose) => (
    <DeleteDialog
      id={row.id}
      action={revokeKeyAction}
      title={`Revoke ${row.name}?`}
      confirm="Revoke key"
      done={`${row.name} revoked`}
      onClose={onClose}
    >
      <p>
        Every app that calls with the key ending in <span className="font-mono">{row.lastFour}</span> is refused within
        two seconds. This cannot be undone.
      </p>
      <p>
        {row.lastUsedAt ? (
          <>
            It was last used <Time at={row.lastUsedAt} />.
          </>
        ) : (
          "It has never been used."
        )}
      </p>
    </DeleteDialog>
  ),
};
