"use client";

import { type LimitScope, scopeWords } from "@tollgate/contracts/limit";
import { PickField } from "@/components/pick/pick-field.tsx";
import { TextField } from "@/components/ui/field.tsx";
import { SCOPE_LABEL } from "@/lib/format-limit.ts";
import type { FieldState } from "@/lib/use-form.ts";

/** The value is empty for a limit on each one of its kind. */
interface Props extends FieldState<string> {
  scope: LimitScope;
}

const PLACEHOLDERS: Partial<Record<LimitScope, string>> = {
  tag: "env=prod",
  customer: "customer-4711",
  run: "a session id",
  end_user: "user-4711",
  cost_centre: "CC-4711",
};

const PICKED = ["team", "member", "key", "model", "credential"] as const;

const isPicked = (scope: LimitScope): scope is (typeof PICKED)[number] =>
  (PICKED as readonly LimitScope[]).includes(scope);

/** The object or the text that the limit counts. A limit on the organisation has no subject. */
export function SubjectField({ scope, ...field }: Props) {
  if (scope === "organisation") return null;
  if (!isPicked(scope)) {
    return (
      <TextField
        label={SCOPE_LABEL[scope]}
        {...field}
        placeholder={PLACEHOLDERS[scope]}
        hint={`Empty: each ${scopeWords(scope)} separately.`}
      />
    );
  }
  return <PickField key={scope} label={SCOPE_LABEL[scope]} {...field} of={scope} none={`Each ${scope} separately`} />;
}
