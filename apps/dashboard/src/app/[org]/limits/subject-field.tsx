"use client";

import type { LimitScope } from "@tollgate/contracts/limit";
import { PickField } from "@/components/pick/pick-field.tsx";
import { TextField } from "@/components/ui/field.tsx";
import { SCOPE_LABEL } from "@/lib/format-limit.ts";
import type { FieldState } from "@/lib/use-form.ts";

/** The value is empty for a limit on each one of its kind. */
interface Props extends FieldState<string> {
  scope: LimitScope;
}

/** The team, member, key, model, tag or customer. A limit on the organisation has no subject. */
export function SubjectField({ scope, ...field }: Props) {
  if (scope === "organisation") return null;
  if (scope === "tag" || scope === "customer") {
    return (
      <TextField
        label={SCOPE_LABEL[scope]}
        {...field}
        placeholder={scope === "tag" ? "env=prod" : "customer-4711"}
        hint={`Empty: each ${scope} separately.`}
      />
    );
  }
  return <PickField key={scope} label={SCOPE_LABEL[scope]} {...field} of={scope} none={`Each ${scope} separately`} />;
}
