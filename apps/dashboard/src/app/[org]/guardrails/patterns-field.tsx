"use client";

import type { Guardrail } from "@tollgate/control/guardrails/schemas";
import { ChipsInput } from "@/components/ui/chips-input.tsx";
import { Field, TextField } from "@/components/ui/field.tsx";

interface Props {
  kind: Guardrail["kind"];
  patterns: readonly string[];
  onChange: (patterns: string[]) => void;
  error: string | undefined;
}

/** What a rule looks for, in the form its kind takes. */
export function PatternsField({ kind, patterns, onChange, error }: Props) {
  if (kind === "secret") {
    return <p className="text-soft">Looks for the forms of known keys, tokens and private keys. Nothing to set.</p>;
  }
  if (kind === "regex") {
    return (
      <TextField
        label="Pattern"
        value={patterns[0] ?? ""}
        onChange={(text) => onChange(text ? [text] : [])}
        error={error}
        placeholder="\b\d{3}-\d{2}-\d{4}\b"
        spellCheck={false}
        hint="RE2 syntax. A pattern that compiles to more than 2,000 instructions is refused."
      />
    );
  }
  return (
    <Field label="Keywords" hint="Case and look-alike characters do not matter. Enter adds one." error={error}>
      {(control) => <ChipsInput {...control} values={patterns} onChange={onChange} placeholder="project-falcon" />}
    </Field>
  );
}
