"use client";

import type { Key } from "@tollgate/control/keys/schemas";
import { AllowListField } from "@/components/allow-list-field.tsx";
import { CostCentreField } from "@/components/cost-centre-field.tsx";
import { useMay } from "@/components/shell/organisation-provider.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { EXPIRIES, type Expiry, expiryInstant } from "@/lib/expiry.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { updateKeyAction } from "./actions.ts";

interface Props {
  virtualKey: Key;
  onClose: () => void;
}

const KEEP = { value: "keep", label: "No change" } as const;

export function EditKeyDialog({ virtualKey: { id, name, allow, deny, costCentre }, onClose }: Props) {
  const maySetCostCentre = useMay("members:update");
  const { form, set, field, errorOf, frame } = useOrgForm({
    start: { name, allow, deny, costCentre: costCentre ?? "", expiresAt: KEEP.value as Expiry | "keep" },
    action: updateKeyAction,
    input: ({ expiresAt, costCentre, ...rest }) => ({
      id,
      ...rest,
      ...(maySetCostCentre ? { costCentre: costCentre.trim() || null } : {}),
      ...(expiresAt === "keep" ? {} : { expiresAt: expiryInstant(expiresAt, Date.now()) }),
    }),
    done: () => "Saved",
    note: "The proxies apply it within two seconds.",
    onDone: onClose,
  });
  return (
    <FormDialog {...frame} title={`Edit ${name}`} submit="Save" onClose={onClose}>
      <TextField label="Name" {...field("name")} />
      <SelectField label="Expires" {...field("expiresAt")} options={[KEEP, ...EXPIRIES]} />
      {maySetCostCentre ? <CostCentreField of="key" {...field("costCentre")} /> : null}
      <AllowListField value={form} onChange={set} errorOf={errorOf} />
    </FormDialog>
  );
}
