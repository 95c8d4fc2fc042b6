"use client";

import type { AllowList } from "@tollgate/contracts/grant";
import type { Key } from "@tollgate/control/keys/schemas";
import { useState } from "react";
import { toast } from "sonner";
import { AllowListField } from "@/components/allow-list-field.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { EXPIRIES, type Expiry, expiryInstant } from "@/lib/expiry.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { updateKeyAction } from "./actions.ts";

interface Props {
  virtualKey: Key;
  models: readonly string[];
  onClose: () => void;
}

const KEEP = { value: "keep", label: "Leave as it is" } as const;

export function EditKeyDialog({ virtualKey, models, onClose }: Props) {
  const [name, setName] = useState(virtualKey.name);
  const [expiry, setExpiry] = useState<Expiry | "keep">("keep");
  const [list, setList] = useState<AllowList>({ allow: virtualKey.allow, deny: virtualKey.deny });
  const { run, pending, message, fields } = useOrgAction(updateKeyAction, () => {
    toast.success("Saved", { description: "The proxy follows within two seconds." });
    onClose();
  });
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title={`Edit ${virtualKey.name}`}
      submit="Save"
      pending={pending}
      message={message}
      onSubmit={() =>
        run({
          id: virtualKey.id,
          name,
          ...list,
          ...(expiry === "keep" ? {} : { expiresAt: expiryInstant(expiry, Date.now()) }),
        })
      }
    >
      <TextField label="Name" value={name} onChange={setName} error={fields.name} />
      <SelectField
        label="Expires"
        value={expiry}
        onChange={setExpiry}
        error={fields.expiresAt}
        options={[KEEP, ...EXPIRIES]}
      />
      <AllowListField value={list} onChange={setList} models={models} errors={fields} />
    </FormDialog>
  );
}
