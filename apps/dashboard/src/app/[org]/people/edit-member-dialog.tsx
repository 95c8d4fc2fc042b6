"use client";

import type { Member } from "@tollgate/control/people/schemas";
import { useState } from "react";
import { toast } from "sonner";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { SelectField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { rolesGrantedBy } from "@/lib/role-options.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { updateMemberAction } from "./actions.ts";
import { TeamsField } from "./teams-field.tsx";

interface Props {
  member: Member;
  teams: readonly { id: string; name: string }[];
  onClose: () => void;
}

export function EditMemberDialog({ member, teams, onClose }: Props) {
  const mine = useOrganisation().role;
  const [role, setRole] = useState(member.role);
  const [teamIds, setTeamIds] = useState(member.teams.map(({ id }) => id));
  const { run, pending, message, fields } = useOrgAction(updateMemberAction, () => {
    toast.success("Saved", { description: "It holds from their next click." });
    onClose();
  });
  const changed = { id: member.id, teamIds, ...(role === member.role ? {} : { role }) };
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title={`Edit ${member.name}`}
      description={member.email}
      submit="Save"
      pending={pending}
      message={message}
      onSubmit={() => run(changed)}
    >
      <SelectField label="Role" value={role} onChange={setRole} options={rolesGrantedBy(mine)} error={fields.role} />
      <TeamsField teams={teams} value={teamIds} onChange={setTeamIds} />
    </FormDialog>
  );
}
