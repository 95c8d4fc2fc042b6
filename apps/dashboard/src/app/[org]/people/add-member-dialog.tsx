"use client";

import type { Role } from "@tollgate/contracts/role";
import { CostCentreField } from "@/components/cost-centre-field.tsx";
import { PickManyField } from "@/components/pick/pick-many-field.tsx";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { rolesGrantedBy } from "@/lib/role-options.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { addMemberAction } from "./actions.ts";

const START = { name: "", email: "", password: "", role: "developer" as Role, teamIds: [] as string[], costCentre: "" };

export function AddMemberDialog({ onClose }: { onClose: () => void }) {
  const { role } = useOrganisation();
  const { field, frame } = useOrgForm({
    start: START,
    action: addMemberAction,
    input: ({ costCentre, ...form }) => ({ ...form, costCentre: costCentre.trim() || null }),
    done: ({ name }) => `${name} added`,
    onDone: onClose,
  });
  return (
    <FormDialog
      {...frame}
      title="Add member"
      description="A new person signs in with a first password that you give them."
      submit="Add member"
      onClose={onClose}
    >
      <TextField label="Name" {...field("name")} autoFocus />
      <TextField label="E-mail" type="email" autoComplete="off" {...field("email")} />
      <TextField
        label="First password"
        type="password"
        autoComplete="new-password"
        {...field("password")}
        hint="At least 10 characters. Tollgate does not send it."
      />
      <SelectField label="Role" {...field("role")} options={rolesGrantedBy(role)} />
      <PickManyField label="Teams" {...field("teamIds")} of="team" />
      <CostCentreField of="member" {...field("costCentre")} />
    </FormDialog>
  );
}
