import type { Key } from "@tollgate/control/keys/schemas";
import { Ban } from "lucide-react";
import { deleteAction } from "@/components/data-table/delete-action.tsx";
import { Time } from "@/components/ui/time.tsx";
import { revokeKeyAction } from "./actions.ts";

export const REVOKE_KEY = deleteAction<Key>({
  noun: "key",
  verb: "Revoke",
  done: "revoked",
  icon: Ban,
  action: revokeKeyAction,
  when: ({ state }) => state !== "revoked",
  text: (row) => (
    <>
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
    </>
  ),
});
