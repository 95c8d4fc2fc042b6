"use client";

import type { Role } from "@tollgate/contracts/role";
import { useState } from "react";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { SecretDialog } from "@/components/ui/secret-dialog.tsx";
import { EXPIRIES, type Expiry, expiryInstant } from "@/lib/expiry.ts";
import { rolesGrantedBy } from "@/lib/role-options.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { createTokenAction } from "./actions.ts";

export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const mine = useOrganisation().role;
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("admin");
  const [expiry, setExpiry] = useState<Expiry>("90");
  const [secret, setSecret] = useState<string>();
  const { run, pending, message, fields } = useOrgAction(createTokenAction, (made) => setSecret(made.secret));
  if (secret)
    return <SecretDialog title={`Token ${name} created`} label="Admin token" secret={secret} onClose={onClose} />;
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title="Create token"
      description="It may do what its role may, in this organisation alone."
      submit="Create token"
      pending={pending}
      message={message}
      onSubmit={() => run({ name, role, expiresAt: expiryInstant(expiry, Date.now()) })}
    >
      <TextField label="Name" value={name} onChange={setName} error={fields.name} placeholder="terraform" autoFocus />
      <SelectField label="Role" value={role} onChange={setRole} options={rolesGrantedBy(mine)} error={fields.role} />
      <SelectField label="Expires" value={expiry} onChange={setExpiry} options={EXPIRIES} error={fields.expiresAt} />
    </FormDialog>
  );
}
