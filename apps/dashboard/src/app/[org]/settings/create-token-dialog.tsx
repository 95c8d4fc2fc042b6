"use client";

import type { Role } from "@tollgate/contracts/role";
import { useState } from "react";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { SecretDialog } from "@/components/ui/secret-dialog.tsx";
import { EXPIRIES, type Expiry, expiryInstant } from "@/lib/expiry.ts";
import { rolesGrantedBy } from "@/lib/role-options.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { createTokenAction } from "./actions.ts";

const START = { name: "", role: "admin" as Role, expiresAt: "90" as Expiry };

export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const mine = useOrganisation().role;
  const [secret, setSecret] = useState<string>();
  const { form, field, frame } = useOrgForm({
    start: START,
    action: createTokenAction,
    input: ({ expiresAt, ...rest }) => ({ ...rest, expiresAt: expiryInstant(expiresAt, Date.now()) }),
    onDone: (made) => setSecret(made.secret),
  });
  if (secret)
    return <SecretDialog title={`Token ${form.name} created`} label="Admin token" secret={secret} onClose={onClose} />;
  return (
    <FormDialog
      {...frame}
      title="Create token"
      description="It has the rights of its role, in this organisation only."
      submit="Create token"
      onClose={onClose}
    >
      <TextField label="Name" {...field("name")} placeholder="terraform" autoFocus />
      <SelectField label="Role" {...field("role")} options={rolesGrantedBy(mine)} />
      <SelectField label="Expires" {...field("expiresAt")} options={EXPIRIES} />
    </FormDialog>
  );
}
