"use client";

import type { Channel } from "@tollgate/control/channels/schemas";
import { useState } from "react";
import { toast } from "sonner";
import { CheckboxField } from "@/components/ui/checkbox.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { ActionResult } from "@/lib/action-result.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { createChannelAction, updateChannelAction } from "./actions.ts";
import { EVENTS, KINDS } from "./channel-options.ts";
import { DestinationField } from "./destination-field.tsx";
import { SigningSecretDialog } from "./signing-secret-dialog.tsx";

interface Props {
  /** The one to edit; a new one without. */
  channel?: Channel;
  onClose: () => void;
}

type Form = Pick<Channel, "name" | "kind" | "addresses" | "events"> & { url: string };
type Saved = { channel: Channel; signingSecret: string | null };

const START: Form = { name: "", kind: "email", addresses: [], url: "", events: EVENTS.map(({ value }) => value) };

/** Slack's URL cannot be read again: an empty field keeps it. */
const formOf = ({ name, kind, addresses, url, events }: Channel): Form => ({
  name,
  kind,
  addresses,
  events,
  url: kind === "webhook" ? (url ?? "") : "",
});

const destinationOf = ({ kind, addresses, url }: Form, isKept: boolean) => {
  if (kind === "email") return { addresses };
  return isKept && url === "" ? {} : { url };
};

async function save(slug: string, { id, form }: { id?: string; form: Form }): Promise<ActionResult<Saved>> {
  const { name, kind, events } = form;
  const said = { name, events, ...destinationOf(form, id !== undefined && kind === "slack") };
  if (!id) return createChannelAction(slug, { ...said, kind });
  const result = await updateChannelAction(slug, { id, ...said });
  return result.ok ? { ok: true, data: { channel: result.data, signingSecret: null } } : result;
}

export function ChannelDialog({ channel, onClose }: Props) {
  const [form, setForm] = useState<Form>(channel ? formOf(channel) : START);
  const [secret, setSecret] = useState<string>();
  const set = (part: Partial<Form>) => setForm({ ...form, ...part });
  const { run, pending, message, fields } = useOrgAction(save, (saved) => {
    toast.success(`${saved.channel.name} ${channel ? "saved" : "added"}`);
    if (saved.signingSecret) setSecret(saved.signingSecret);
    else onClose();
  });
  if (secret) return <SigningSecretDialog name={form.name} secret={secret} onClose={onClose} />;
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title={channel ? `Edit ${channel.name}` : "Add channel"}
      submit={channel ? "Save" : "Add channel"}
      pending={pending}
      message={message}
      onSubmit={() => run({ ...(channel ? { id: channel.id } : {}), form })}
    >
      <TextField
        label="Name"
        value={form.name}
        onChange={(name) => set({ name })}
        error={fields.name}
        placeholder="On call"
        autoFocus={!channel}
      />
      <SelectField
        label="Kind"
        value={form.kind}
        onChange={(kind) => set({ kind })}
        options={KINDS}
        error={fields.kind}
        disabled={channel !== undefined}
      />
      <DestinationField
        kind={form.kind}
        addresses={form.addresses}
        url={form.url}
        isKept={channel !== undefined}
        onChange={set}
        errors={fields}
      />
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 font-medium text-ink text-sm">Alerts on</legend>
        {EVENTS.map(({ value, label, hint }) => (
          <CheckboxField
            key={value}
            label={label}
            hint={hint}
            checked={form.events.includes(value)}
            onChange={(checked) =>
              set({ events: checked ? [...form.events, value] : form.events.filter((event) => event !== value) })
            }
          />
        ))}
        {fields.events ? <p className="text-danger text-xs first-letter:uppercase">{fields.events}</p> : null}
      </fieldset>
    </FormDialog>
  );
}
