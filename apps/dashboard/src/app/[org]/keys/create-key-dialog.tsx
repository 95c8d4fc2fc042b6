"use client";

import type { AllowList } from "@tollgate/contracts/grant";
import { useState } from "react";
import { AllowListField } from "@/components/allow-list-field.tsx";
import { useMay } from "@/components/shell/organisation-provider.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { EXPIRIES, type Expiry, expiryInstant } from "@/lib/expiry.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { createKeyAction } from "./actions.ts";
import type { KeyChoices } from "./key-choices.ts";
import { NewKeyDialog } from "./new-key-dialog.tsx";

interface Props {
  choices: KeyChoices;
  onClose: () => void;
}

const NOBODY = { value: "", label: "None" };

export function CreateKeyDialog({ choices, onClose }: Props) {
  const [name, setName] = useState("");
  const [teamId, setTeamId] = useState("");
  const [memberId, setMemberId] = useState("");
  const [expiry, setExpiry] = useState<Expiry>("never");
  const [list, setList] = useState<AllowList>({ allow: null, deny: [] });
  const [secret, setSecret] = useState<string>();
  const maySetMember = useMay("members:add");
  const { run, pending, message, fields } = useOrgAction(createKeyAction, (made) => setSecret(made.secret));
  if (secret) {
    const model = list.allow?.find((entry) => !entry.endsWith("*")) ?? choices.models[0] ?? "your-model";
    return <NewKeyDialog name={name} secret={secret} model={model} proxyUrl={choices.proxyUrl} onClose={onClose} />;
  }
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title="Create key"
      submit="Create key"
      pending={pending}
      message={message}
      onSubmit={() =>
        run({
          name,
          teamId: teamId || null,
          memberId: memberId || null,
          expiresAt: expiryInstant(expiry, Date.now()),
          ...list,
        })
      }
    >
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        error={fields.name}
        placeholder="search-backend"
        autoFocus
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="Team"
          value={teamId}
          onChange={setTeamId}
          error={fields.teamId}
          options={[NOBODY, ...choices.teams]}
        />
        <SelectField label="Expires" value={expiry} onChange={setExpiry} error={fields.expiresAt} options={EXPIRIES} />
      </div>
      {maySetMember ? (
        <SelectField
          label="Member"
          value={memberId}
          onChange={setMemberId}
          error={fields.memberId}
          hint="Whose key it is, for limits and spend by member."
          options={[NOBODY, ...choices.members]}
        />
      ) : null}
      <AllowListField value={list} onChange={setList} models={choices.models} errors={fields} />
    </FormDialog>
  );
}
