"use client";

import type { AllowList } from "@tollgate/contracts/grant";
import { useState } from "react";
import { AllowListField } from "@/components/allow-list-field.tsx";
import { CostCentreField } from "@/components/cost-centre-field.tsx";
import { PickField } from "@/components/pick/pick-field.tsx";
import { usePick } from "@/components/pick/use-pick.ts";
import { useMay } from "@/components/shell/organisation-provider.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { EXPIRIES, type Expiry, expiryInstant } from "@/lib/expiry.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { createKeyAction } from "./actions.ts";
import { NewKeyDialog } from "./new-key-dialog.tsx";

interface Props {
  proxyUrl: string;
  onClose: () => void;
}

const START = {
  name: "",
  teamId: "",
  memberId: "",
  expiresAt: "never" as Expiry,
  costCentre: "",
  allow: null,
  deny: [],
};
type Form = Omit<typeof START, keyof AllowList> & AllowList;

const inputOf = ({ teamId, memberId, expiresAt, costCentre, ...form }: Form) => ({
  ...form,
  teamId: teamId || null,
  memberId: memberId || null,
  costCentre: costCentre.trim() || null,
  expiresAt: expiryInstant(expiresAt, Date.now()),
});

export function CreateKeyDialog({ proxyUrl, onClose }: Props) {
  const [secret, setSecret] = useState<string>();
  const maySetMember = useMay("members:add");
  const [firstModel] = usePick("model-name", "", true).options;
  const { form, set, field, errorOf, frame } = useOrgForm({
    start: START as Form,
    action: createKeyAction,
    input: inputOf,
    onDone: (made) => setSecret(made.secret),
  });
  if (secret) {
    const model = form.allow?.find((entry) => !entry.endsWith("*")) ?? firstModel?.value ?? "your-model";
    return <NewKeyDialog name={form.name} secret={secret} model={model} proxyUrl={proxyUrl} onClose={onClose} />;
  }
  return (
    <FormDialog {...frame} title="Create key" submit="Create key" onClose={onClose}>
      <TextField label="Name" {...field("name")} placeholder="search-backend" autoFocus />
      <div className="grid gap-4 sm:grid-cols-2">
        <PickField label="Team" {...field("teamId")} of="team" none="None" />
        <SelectField label="Expires" {...field("expiresAt")} options={EXPIRIES} />
      </div>
      {maySetMember ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <PickField
            label="Member"
            {...field("memberId")}
            hint="The owner of the key, for limits and spend by member."
            of="member"
            none="None"
          />
          <CostCentreField of="key" {...field("costCentre")} />
        </div>
      ) : null}
      <AllowListField value={form} onChange={set} errorOf={errorOf} />
    </FormDialog>
  );
}
