"use client";

import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { useId } from "react";
import { cn } from "@/lib/cn.ts";

interface Props {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

interface CheckboxProps {
  id?: string;
  "aria-label"?: string;
  /** `some`: some of the items that it controls are checked. */
  checked: boolean | "some";
  onChange: (checked: boolean) => void;
  className?: string;
}

export const Checkbox = ({ checked, onChange, className, ...rest }: CheckboxProps) => (
  <Radix.Root
    {...rest}
    checked={checked === "some" ? "indeterminate" : checked}
    onCheckedChange={(next) => onChange(next === true)}
    onClick={(event) => event.stopPropagation()}
    className={cn(
      "flex size-4 items-center justify-center rounded border border-line-strong bg-raised data-[state=checked]:border-ink data-[state=indeterminate]:border-ink data-[state=checked]:bg-ink data-[state=indeterminate]:bg-ink data-[state=checked]:text-canvas data-[state=indeterminate]:text-canvas",
      className,
    )}
  >
    <Radix.Indicator>
      {checked === "some" ? <Minus className="size-3" aria-hidden /> : <Check className="size-3" aria-hidden />}
    </Radix.Indicator>
  </Radix.Root>
);

export function CheckboxField({ label, hint, checked, onChange }: Props) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <Checkbox id={id} checked={checked} onChange={onChange} className="mt-0.5" />
      <label htmlFor={id} className="text-sm">
        {label}
        {hint ? <span className="block text-faint text-xs">{hint}</span> : null}
      </label>
    </div>
  );
}
