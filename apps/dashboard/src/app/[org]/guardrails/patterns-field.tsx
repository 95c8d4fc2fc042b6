"use client";

import type { Guardrail } from "@tollgate/control/guardrails/schemas";
import { ChipsField } from "@/components/ui/chips-field.tsx";
import { TextField } from "@/components/ui/field.tsx";
import type { FieldState } from "@/lib/use-form.ts";

interface Props extends FieldState<string[]> {
  kind: Guardrail["kind"];
}

/** What a rule looks for, in the form of its kind. */
export function PatternsField({ kind, value, onChange, error }: Props) {
  if (kind === "secret") {
    return <p className="text-soft">Finds keys, tokens and private keys by their known formats. It has no settings.</p>;
  }
  if (kind === "regex") {
    return (
      <TextField
        label="Pattern"
        value={value[0] ?? ""}
        onChange={(text) => onChange(text ? [text] : [])}
        error={error}
        placeholder="\b\d{3}-\d{2}-\d{4}\b"
        spellCheck={false}
        hint="RE2 syntax. A pattern that compiles to more than 2,000 instructions is refused."
      />
    );
  }
  return (
    <ChipsField
      label="Keywords"
      hint="Case and look-alike characters do not matter. Enter adds one."
      value={value}
      onChange={onChange}
      error={error}
      placeholder="project-falcon"
    />
  );
}
