"use client";

import { ChipsInput } from "@/components/ui/chips-input.tsx";
import { Field } from "@/components/ui/field.tsx";

interface Props {
  /** As they are typed. */
  values: readonly string[];
  onChange: (values: string[]) => void;
  errors: Record<string, string>;
}

/** At which percentages of a limit its organisation is told. */
export const ThresholdsField = ({ values, onChange, errors }: Props) => (
  <Field
    label="Alert at percent"
    hint="Once each in a window, to the channels of the Alerts page. 100 is told when a call is refused, too."
    error={Object.entries(errors).find(([field]) => field.startsWith("thresholds"))?.[1]}
  >
    {(control) => <ChipsInput {...control} values={values} onChange={onChange} placeholder="80" />}
  </Field>
);

/** `80 %` is 80 too; what is no number is left for the server to refuse. */
export const percentages = (values: readonly string[]): number[] =>
  values.map((text) => Number(text.replace(/\s*%$/, "")));
