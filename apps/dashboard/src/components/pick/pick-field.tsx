"use client";

import { type PickProps, PickSelect } from "@/components/pick/pick-select.tsx";
import { type Common, Field } from "@/components/ui/field.tsx";

/** A labelled {@link PickSelect}. */
export const PickField = ({ label, hint, error, className, ...rest }: Common & PickProps) => (
  <Field label={label} hint={hint} error={error} className={className}>
    {(control) => <PickSelect {...rest} {...control} />}
  </Field>
);
