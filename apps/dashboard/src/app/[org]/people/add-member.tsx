"use client";

import type { Role } from "@tollgate/contracts/role";
import { Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { rolesGrantedBy } from "@/lib/role-options.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { addMemberAction } from "./actions.ts";
import { TeamsField } from "./teams-field.tsx";

type Teams = readonly { id: string; name: string }[];

const START = { name: "", email: "", password: "", role: "developer" as Role, teamIds: [] as string[] };

function AddMemberDialog({ teams, onClose }: { teams: Teams; onClose: () => void }) {
  const { role } = useOrganisation();
  const [form, setForm] = useState(START);
  const set = (part: Partial<typeof START>) => setForm({ ...form, ...part });
  const { run, pending, message, fields } = useOrgAction(addMemberAction, (member) => {
    toast.success(`${member.name} added`);
    onClose();
  });
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title="Add member"
      description="A new person, with a first password you hand over."
      submit="Add member"
      pending={pending}
      message={message}
      onSubmit={() => run(form)}
    >
      <TextField label="Name" value={form.name} onChange={(name) => set({ name })} error={fields.name} autoFocus />
      <TextField
        label="E-mail"
        type="email"
        autoComplete="off"
        value={form.email}
        onChange={(email) => set({ email })}
        error={fields.email}
      />
      <TextField
        label="First password"
        type="password"
        autoComplete="new-password"
        value={form.password}
        onChange={(password) => set({ password })}
        error={fields.password}
        hint="At least 10 characters; hand it over yourself."
      />
      <SelectField
        label="Role"
        value={form.role}
        onChange={(next) => set({ role: next })}
        options={rolesGrantedBy(role)}
        error={fields.role}
      />
      <TeamsField teams={teams} value={form.teamIds} onChange={(teamIds) => set({ teamIds })} />
    </FormDialog>
  );
}

export function AddMember({ teams }: { teams: Teams }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        Add member
      </Button>
      {open ? <AddMemberDialog teams={teams} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
