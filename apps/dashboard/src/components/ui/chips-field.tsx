"use client";

import type { ComponentProps } from "react";
import { ChipsInput } from "@/components/ui/chips-input.tsx";
import { type Common, Field } from "@/components/ui/field.tsx";

interface Props extends Common, Pick<ComponentProps<typeof ChipsInput>, "onChange" | "suggest" | "placeholder"> {
  value: readonly string[];
}

/** A labelled list of short texts. */
export const ChipsField = ({ label, hint, error, className, value, ...rest }: Props) => (
  <Field label={label} hint={hint} error={error} className={className}>
    {(control) => <ChipsInput {...rest} {...control} values={value} />}
  </Field>
);
