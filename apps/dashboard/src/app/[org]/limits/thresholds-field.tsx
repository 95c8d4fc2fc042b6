"use client";

import { ChipsField } from "@/components/ui/chips-field.tsx";
import type { FieldState } from "@/lib/use-form.ts";

/** The percentages of a limit that raise an alert, as text. */
export const ThresholdsField = (field: FieldState<string[]>) => (
  <ChipsField
    label="Alert at percent"
    hint="Each threshold alerts once per window, on the channels of the Alerts page. 100 also alerts when a call is refused."
    {...field}
    placeholder="80"
  />
);

/** Accepts `80 %` as 80. Text that is not a number is sent unchanged: the server returns the error. */
export const percentages = (values: readonly string[]): number[] =>
  values.map((text) => Number(text.replace(/\s*%$/, "")));
