"use client";

import type { Channel } from "@tollgate/control/channels/schemas";
import { useState } from "react";
import { CheckboxGroup } from "@/components/ui/checkbox-group.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useOrgForm } from "@/lib/use-form.ts";
import { type ChannelForm, channelFormOf, EMPTY_CHANNEL, saveChannel } from "./channel-form.ts";
import { EVENTS, KINDS } from "./channel-options.ts";
import { DestinationField } from "./destination-field.tsx";
import { SigningSecretDialog } from "./signing-secret-dialog.tsx";

interface Props {
  /** The one to edit. Without it a new one is added. */
  channel?: Channel;
  onClose: () => void;
}

export function ChannelDialog({ channel, onClose }: Props) {
  const [secret, setSecret] = useState<string>();
  const { form, set, field, errorOf, frame } = useOrgForm({
    start: channel ? channelFormOf(channel) : EMPTY_CHANNEL,
    action: saveChannel,
    input: (form: ChannelForm) => ({ form, ...(channel ? { id: channel.id } : {}) }),
    done: (saved) => `${saved.channel.name} ${channel ? "saved" : "added"}`,
    onDone: ({ signingSecret }) => (signingSecret ? setSecret(signingSecret) : onClose()),
  });
  if (secret) return <SigningSecretDialog name={form.name} secret={secret} onClose={onClose} />;
  return (
    <FormDialog
      {...frame}
      title={channel ? `Edit ${channel.name}` : "Add channel"}
      submit={channel ? "Save" : "Add channel"}
      onClose={onClose}
    >
      <TextField label="Name" {...field("name")} placeholder="On call" autoFocus={!channel} />
      <SelectField label="Kind" {...field("kind")} options={KINDS} disabled={channel !== undefined} />
      <DestinationField form={form} onChange={set} errorOf={errorOf} isKept={channel !== undefined} />
      <CheckboxGroup label="Alerts on" {...field("events")} options={EVENTS} />
    </FormDialog>
  );
}
