"use client";

import type { Key } from "@tollgate/control/keys/schemas";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { revokeKeyAction } from "./actions.ts";

interface Props {
  virtualKey: Key;
  onClose: () => void;
}

export function RevokeKeyDialog({ virtualKey, onClose }: Props) {
  const { run, pending, message } = useOrgAction(revokeKeyAction, () => {
    toast.success(`${virtualKey.name} revoked`);
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Revoke ${virtualKey.name}?`}
      confirm="Revoke key"
      pending={pending}
      error={message}
      onConfirm={() => run({ id: virtualKey.id })}
    >
      <p>
        Every app that calls with the key ending in <span className="font-mono">{virtualKey.lastFour}</span> is refused
        within two seconds. It cannot be undone.
      </p>
      <p>
        {virtualKey.lastUsedAt ? (
          <>
            It was last used <Time at={virtualKey.lastUsedAt} />.
          </>
        ) : (
          "It has never been used."
        )}
      </p>
    </ConfirmDialog>
  );
}
