import type { Key } from "@tollgate/control/keys/schemas";
import { Ban, CirclePause, CirclePlay, Pencil } from "lucide-react";
import type { BulkAction } from "@/components/data-table/bulk-action.ts";
import { BulkConfirm } from "@/components/data-table/bulk-confirm.tsx";
import { bulkRevokeKeysAction, bulkUpdateKeysAction } from "./actions.ts";
import { ChangeKeysDialog } from "./change-keys-dialog.tsx";

const keys = (rows: readonly Key[]): string => (rows.length === 1 ? "1 key" : `${rows.length} keys`);

const isLive = ({ state }: Key): boolean => state !== "revoked";

/** What can be done with several keys at once. */
export const BULK_KEY_ACTIONS: readonly BulkAction<Key>[] = [
  {
    label: "Change",
    icon: Pencil,
    when: isLive,
    dialog: (rows, onClose) => <ChangeKeysDialog keys={rows} onClose={onClose} />,
  },
  {
    label: "Disable",
    icon: CirclePause,
    when: ({ state }) => state === "active" || state === "expired",
    dialog: (rows, onClose) => (
      <BulkConfirm
        title={`Disable ${keys(rows)}?`}
        confirm="Disable"
        done={`${keys(rows)} disabled`}
        action={bulkUpdateKeysAction}
        input={{ items: rows.map(({ id }) => ({ id, state: "disabled" as const })) }}
        onClose={onClose}
      >
        Every app that calls with one of them is refused within two seconds, until the key is enabled again.
      </BulkConfirm>
    ),
  },
  {
    label: "Enable",
    icon: CirclePlay,
    when: ({ state }) => state === "disabled",
    dialog: (rows, onClose) => (
      <BulkConfirm
        title={`Enable ${keys(rows)}?`}
        confirm="Enable"
        done={`${keys(rows)} enabled`}
        action={bulkUpdateKeysAction}
        input={{ items: rows.map(({ id }) => ({ id, state: "active" as const })) }}
        onClose={onClose}
      >
        Apps can call with them again within two seconds.
      </BulkConfirm>
    ),
  },
  {
    label: "Revoke",
    icon: Ban,
    danger: true,
    when: isLive,
    dialog: (rows, onClose) => (
      <BulkConfirm
        title={`Revoke ${keys(rows)}?`}
        confirm={`Revoke ${keys(rows)}`}
        done={`${keys(rows)} revoked`}
        action={bulkRevokeKeysAction}
        input={{ ids: rows.map(({ id }) => id) }}
        onClose={onClose}
      >
        Every app that calls with one of them is refused within two seconds. This cannot be undone.
      </BulkConfirm>
    ),
  },
];
