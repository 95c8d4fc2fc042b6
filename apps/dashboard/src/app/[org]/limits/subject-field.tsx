"use client";

import type { LimitScope } from "@tollgate/contracts/limit";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { SCOPE_LABEL } from "@/lib/format-limit.ts";
import type { FieldState } from "@/lib/use-form.ts";
import type { LimitChoices } from "./limit-choices.ts";

/** The value is empty for a limit on each one of its kind. */
interface Props extends FieldState<string> {
  scope: LimitScope;
  choices: LimitChoices;
}

/** The team, member, key, model, tag or customer. A limit on the organisation has no subject. */
export function SubjectField({ scope, choices, ...field }: Props) {
  if (scope === "organisation") return null;
  if (scope === "tag" || scope === "customer") {
    return (
      <TextField
        label={SCOPE_LABEL[scope]}
        {...field}
        placeholder={scope === "tag" ? "env=prod" : "customer-4711"}
        hint={`Empty: each ${scope} on its own.`}
      />
    );
  }
  return (
    <SelectField
      label={SCOPE_LABEL[scope]}
      {...field}
      options={[{ value: "", label: `Each ${scope} on its own` }, ...choices[scope]]}
    />
  );
}
