"use client";

import type { Member } from "@tollgate/control/people/schemas";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { CheckboxGroup } from "@/components/ui/checkbox-group.tsx";
import { SelectField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { SelectOption } from "@/components/ui/select.tsx";
import { rolesGrantedBy } from "@/lib/role-options.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { updateMemberAction } from "./actions.ts";

interface Props {
  member: Member;
  teams: readonly SelectOption<string>[];
  onClose: () => void;
}

export function EditMemberDialog({ member, teams, onClose }: Props) {
  const mine = useOrganisation().role;
  const { field, frame } = useOrgForm({
    start: { role: member.role, teamIds: member.teams.map(({ id }) => id) },
    action: updateMemberAction,
    input: ({ role, teamIds }) => ({ id: member.id, teamIds, ...(role === member.role ? {} : { role }) }),
    done: () => "Saved",
    note: "It takes effect with their next click.",
    onDone: onClose,
  });
  return (
    <FormDialog {...frame} title={`Edit ${member.name}`} description={member.email} submit="Save" onClose={onClose}>
      <SelectField label="Role" {...field("role")} options={rolesGrantedBy(mine)} />
      <CheckboxGroup label="Teams" {...field("teamIds")} options={teams} />
    </FormDialog>
  );
}
