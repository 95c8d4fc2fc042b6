"use client";

import type { Role } from "@tollgate/contracts/role";
import { useState } from "react";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { SecretOnce } from "@/components/ui/secret-once.tsx";
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
  if (secret) {
    return (
      <Dialog open onOpenChange={onClose} title={`Token ${name} created`}>
        <DialogBody>
          <SecretOnce label="Admin token" secret={secret} />
        </DialogBody>
        <DialogFooter>
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </DialogFooter>
      </Dialog>
    );
  }
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
