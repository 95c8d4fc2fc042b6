"use client";

import type { TimeoutName } from "@tollgate/contracts/timeouts";
import { TextField } from "@/components/ui/field.tsx";
import type { TimeoutsForm } from "./timeouts-form.ts";

interface Props {
  value: TimeoutsForm;
  names: readonly TimeoutName[];
  /** What applies without a time. */
  preset: string;
  onChange: (value: TimeoutsForm) => void;
  errorOf: (field: string) => string | undefined;
}

const LABELS: Readonly<Record<TimeoutName, string>> = {
  connectMs: "Connect",
  firstByteMs: "First byte",
  firstTokenMs: "First token",
  idleMs: "Silence within",
  totalMs: "Whole call",
};

/** Times in seconds. They are rarely changed, so they are closed unless there is one. */
export function TimeoutFields({ value, names, preset, onChange, errorOf }: Props) {
  const isOpen = names.some((name) => value[name] !== "" || errorOf(name));
  return (
    <details open={isOpen || undefined}>
      <summary className="cursor-pointer font-medium text-sm">Timeouts</summary>
      <div className="grid gap-3 pt-2 sm:grid-cols-3">
        {names.map((name) => (
          <TextField
            key={name}
            label={`${LABELS[name]} (seconds)`}
            inputMode="decimal"
            value={value[name]}
            onChange={(text) => onChange({ ...value, [name]: text })}
            placeholder={preset}
            error={errorOf(name)}
          />
        ))}
      </div>
    </details>
  );
}
