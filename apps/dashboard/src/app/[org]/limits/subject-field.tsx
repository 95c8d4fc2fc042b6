"use client";

import type { LimitScope } from "@tollgate/contracts/limit";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { SCOPE_LABEL } from "@/lib/format-limit.ts";
import type { LimitChoices } from "./limit-choices.ts";

interface Props {
  scope: LimitScope;
  /** Empty: each of its kind. */
  value: string;
  onChange: (value: string) => void;
  choices: LimitChoices;
  error?: string;
}

/** Which one of the scope's kind; nothing to choose for the organisation. */
export function SubjectField({ scope, value, onChange, choices, error }: Props) {
  if (scope === "organisation") return null;
  if (scope === "tag" || scope === "customer") {
    return (
      <TextField
        label={SCOPE_LABEL[scope]}
        value={value}
        onChange={onChange}
        error={error}
        placeholder={scope === "tag" ? "env=prod" : "customer-4711"}
        hint={`Empty: each ${scope} on its own.`}
      />
    );
  }
  return (
    <SelectField
      label={SCOPE_LABEL[scope]}
      value={value}
      onChange={onChange}
      error={error}
      options={[{ value: "", label: `Each ${scope} on its own` }, ...choices[scope]]}
    />
  );
}
