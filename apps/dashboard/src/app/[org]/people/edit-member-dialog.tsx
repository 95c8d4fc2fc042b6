"use client";

import type { Member } from "@tollgate/control/people/schemas";
import { CostCentreField } from "@/components/cost-centre-field.tsx";
import { PickManyField } from "@/components/pick/pick-many-field.tsx";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { SelectField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { optionsOf } from "@/lib/options-of.ts";
import { rolesGrantedBy } from "@/lib/role-options.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { updateMemberAction } from "./actions.ts";

interface Props {
  member: Member;
  onClose: () => void;
}

export function EditMemberDialog({ member, onClose }: Props) {
  const mine = useOrganisation().role;
  const { field, frame } = useOrgForm({
    start: { role: member.role, teamIds: member.teams.map(({ id }) => id), costCentre: member.costCentre ?? "" },
    action: updateMemberAction,
    input: ({ role, teamIds, costCentre }) => ({
      id: member.id,
      teamIds,
      costCentre: costCentre.trim() || null,
      ...(role === member.role ? {} : { role }),
    }),
    done: () => "Saved",
    note: "It takes effect with their next click.",
    onDone: onClose,
  });
  return (
    <FormDialog {...frame} title={`Edit ${member.name}`} description={member.email} submit="Save" onClose={onClose}>
      <SelectField label="Role" {...field("role")} options={rolesGrantedBy(mine)} />
      <PickManyField label="Teams" {...field("teamIds")} of="team" chosen={optionsOf(member.teams)} />
      <CostCentreField of="member" {...field("costCentre")} />
    </FormDialog>
  );
}
