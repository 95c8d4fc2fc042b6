"use client";

import type { Channel } from "@tollgate/control/channels/schemas";
import { ChipsInput } from "@/components/ui/chips-input.tsx";
import { Field, TextField } from "@/components/ui/field.tsx";

interface Props {
  kind: Channel["kind"];
  addresses: readonly string[];
  url: string;
  /** Of the channel as it is, when one is edited. */
  isKept: boolean;
  onChange: (part: { addresses?: string[]; url?: string }) => void;
  errors: Record<string, string>;
}

/** Where a channel leads, in the form its kind takes. */
export function DestinationField({ kind, addresses, url, isKept, onChange, errors }: Props) {
  if (kind === "email") {
    const error = Object.entries(errors).find(([field]) => field.startsWith("addresses"))?.[1];
    return (
      <Field label="Addresses" hint="Enter adds one. All of them see each other." error={error}>
        {(control) => (
          <ChipsInput
            {...control}
            values={addresses}
            onChange={(next) => onChange({ addresses: next })}
            placeholder="ops@example.com"
          />
        )}
      </Field>
    );
  }
  const slack = kind === "slack";
  return (
    <TextField
      label={slack ? "Incoming webhook URL" : "URL"}
      type="url"
      value={url}
      onChange={(next) => onChange({ url: next })}
      error={errors.url}
      spellCheck={false}
      autoComplete="off"
      placeholder={
        slack ? (isKept ? "unchanged" : "https://hooks.slack.com/services/…") : "https://example.com/hooks/tollgate"
      }
      hint={
        slack
          ? isKept
            ? "Empty keeps the one it has, which cannot be read again."
            : "Slack makes it for one channel. It is a secret: it is kept sealed and never shown again."
          : "https, and reachable from here. Each message is signed."
      }
    />
  );
}
