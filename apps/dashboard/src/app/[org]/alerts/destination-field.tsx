"use client";

import { ChipsField } from "@/components/ui/chips-field.tsx";
import { TextField } from "@/components/ui/field.tsx";
import type { ChannelForm } from "./channel-form.ts";

interface Props {
  form: ChannelForm;
  onChange: (part: Partial<ChannelForm>) => void;
  errorOf: (field: string) => string | undefined;
  /** A channel that exists is edited: its URL can stay. */
  isKept: boolean;
}

/** Where a channel sends alerts, in the form of its kind. */
export function DestinationField({ form: { kind, addresses, url }, onChange, errorOf, isKept }: Props) {
  if (kind === "email") {
    return (
      <ChipsField
        label="Addresses"
        hint="Enter adds one. All recipients see each other's address."
        value={addresses}
        onChange={(next) => onChange({ addresses: next })}
        error={errorOf("addresses")}
        placeholder="ops@example.com"
      />
    );
  }
  const field = {
    type: "url",
    value: url,
    onChange: (next: string) => onChange({ url: next }),
    error: errorOf("url"),
    spellCheck: false,
    autoComplete: "off",
  };
  if (kind === "webhook") {
    return (
      <TextField
        {...field}
        label="URL"
        placeholder="https://example.com/hooks/tollgate"
        hint="Must be https and reachable from Tollgate. Each message is signed."
      />
    );
  }
  return (
    <TextField
      {...field}
      label="Incoming webhook URL"
      placeholder={isKept ? "unchanged" : "https://hooks.slack.com/services/…"}
      hint={
        isKept
          ? "Empty: the stored URL stays. It cannot be shown again."
          : "Slack creates it for one channel. It is a secret: it is stored sealed and never shown again."
      }
    />
  );
}
