"use client";

import { CheckboxField } from "@/components/ui/checkbox.tsx";
import type { SelectOption } from "@/components/ui/select.tsx";

interface Props<T extends string> {
  label: string;
  options: readonly SelectOption<T>[];
  value: readonly T[];
  onChange: (value: T[]) => void;
  error?: string | undefined;
}

/** A choice of several options with checkboxes. Renders nothing without options. */
export function CheckboxGroup<T extends string>({ label, options, value, onChange, error }: Props<T>) {
  if (options.length === 0) return null;
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 font-medium text-ink text-sm">{label}</legend>
      {options.map((option) => (
        <CheckboxField
          key={option.value}
          label={option.label}
          hint={option.hint}
          checked={value.includes(option.value)}
          onChange={(checked) =>
            onChange(checked ? [...value, option.value] : value.filter((other) => other !== option.value))
          }
        />
      ))}
      {error ? <p className="text-danger text-xs first-letter:uppercase">{error}</p> : null}
    </fieldset>
  );
}
