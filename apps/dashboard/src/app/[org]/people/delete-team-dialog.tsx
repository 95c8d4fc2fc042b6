"use client";

import type { Team } from "@tollgate/control/teams/schemas";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { deleteTeamAction } from "./actions.ts";

interface Props {
  team: Team;
  onClose: () => void;
}

export function DeleteTeamDialog({ team, onClose }: Props) {
  const { run, pending, message } = useOrgAction(deleteTeamAction, () => {
    toast.success(`${team.name} deleted`);
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete ${team.name}?`}
      confirm="Delete team"
      pending={pending}
      error={message}
      onConfirm={() => run({ id: team.id })}
    >
      <p>
        {team.keyCount > 0
          ? `${team.keyCount} ${team.keyCount === 1 ? "key belongs" : "keys belong"} to it; revoke them or give them to another team first.`
          : `${team.memberCount} ${team.memberCount === 1 ? "member leaves" : "members leave"} it. Its spend so far stays.`}
      </p>
    </ConfirmDialog>
  );
}
