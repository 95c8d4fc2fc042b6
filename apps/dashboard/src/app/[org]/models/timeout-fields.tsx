"use client";

import type { TimeoutName } from "@tollgate/contracts/timeouts";
import { useState } from "react";
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
  idleMs: "Longest silence",
  totalMs: "Whole call",
};

/** Times in seconds. They are rarely changed, so they are closed at first unless there is one. */
export function TimeoutFields({ value, names, preset, onChange, errorOf }: Props) {
  const [isOpen, setOpen] = useState(names.some((name) => value[name] !== ""));
  return (
    <details
      open={isOpen || names.some((name) => errorOf(name))}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
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
