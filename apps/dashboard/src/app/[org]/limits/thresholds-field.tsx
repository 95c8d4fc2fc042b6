"use client";

import { ChipsField } from "@/components/ui/chips-field.tsx";
import type { FieldState } from "@/lib/use-form.ts";

/** At which percentages of a limit an alert is raised, as typed. */
export const ThresholdsField = (field: FieldState<string[]>) => (
  <ChipsField
    label="Alert at percent"
    hint="Each threshold alerts once per window, on the channels of the Alerts page. 100 also alerts when a call is refused."
    {...field}
    placeholder="80"
  />
);

/** `80 %` is 80 too. What is not a number goes as it is: the server says what is wrong. */
export const percentages = (values: readonly string[]): number[] =>
  values.map((text) => Number(text.replace(/\s*%$/, "")));
