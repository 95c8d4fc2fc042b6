"use client";

import { type ComponentProps, useId } from "react";
import { type Common, Field } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";

interface Props extends Common, Omit<ComponentProps<"input">, "onChange" | "value" | "className"> {
  value: string;
  onChange: (value: string) => void;
  suggestions: readonly string[];
}

/** A text field with suggestions that accepts any text. */
export function SuggestField({ label, hint, error, className, onChange, suggestions, ...rest }: Props) {
  const list = useId();
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(control) => (
        <>
          <Input {...rest} {...control} list={list} onChange={(event) => onChange(event.target.value)} />
          <datalist id={list}>
            {suggestions.map((text) => (
              <option key={text} value={text} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
