"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { Input } from "@/components/ui/input.tsx";
import { Select, type SelectOption } from "@/components/ui/select.tsx";
import { cn } from "@/lib/cn.ts";

interface ControlProps {
  id: string;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
}

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}

/** A labelled control with its hint and the server's error. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cn("grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-1.5", className)}>
      <label htmlFor={id} className="font-medium text-ink text-sm">
        {label}
      </label>
      {children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": note ? `${id}-note` : undefined })}
      {note ? (
        <p id={`${id}-note`} className={cn("text-xs first-letter:uppercase", error ? "text-danger" : "text-faint")}>
          {note}
        </p>
      ) : null}
    </div>
  );
}

export interface Common {
  label: string;
  hint?: ReactNode;
  error?: string;
  className?: string;
}

interface TextFieldProps extends Common, Omit<ComponentProps<"input">, "onChange" | "value" | "className"> {
  value: string;
  onChange: (value: string) => void;
}

export const TextField = ({ label, hint, error, className, onChange, ...rest }: TextFieldProps) => (
  <Field label={label} hint={hint} error={error} className={className}>
    {(control) => <Input {...rest} {...control} onChange={(event) => onChange(event.target.value)} />}
  </Field>
);

interface SelectFieldProps<T extends string> extends Common {
  value: T;
  onChange: (value: T) => void;
  options: readonly SelectOption<T>[];
  placeholder?: string;
  disabled?: boolean;
}

export const SelectField = <T extends string>({ label, hint, error, className, ...rest }: SelectFieldProps<T>) => (
  <Field label={label} hint={hint} error={error} className={className}>
    {(control) => <Select {...rest} {...control} />}
  </Field>
);
