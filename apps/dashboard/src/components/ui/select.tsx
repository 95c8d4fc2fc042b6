"use client";

import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { controlStyle } from "@/components/ui/input.tsx";
import { cn } from "@/lib/cn.ts";

export interface SelectOption<T extends string> {
  value: T;
  label: string;
  hint?: string;
}

interface Props<T extends string> {
  value: T;
  onChange: (value: T) => void;
  options: readonly SelectOption<T>[];
  placeholder?: string;
  disabled?: boolean;
  className?: string;
  id?: string;
  "aria-label"?: string;
  "aria-invalid"?: true | undefined;
  "aria-describedby"?: string | undefined;
}

/** Radix does not allow the empty string as a value. */
const NONE = "__none__";
const outward = (value: string) => (value === NONE ? "" : value);

export function Select<T extends string>({
  value,
  onChange,
  options,
  placeholder,
  disabled,
  className,
  ...rest
}: Props<T>) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Radix.Root
      value={chosen ? value || NONE : ""}
      onValueChange={(next) => onChange(outward(next) as T)}
      disabled={disabled}
    >
      <Radix.Trigger
        className={cn(
          controlStyle,
          "flex h-8 items-center justify-between gap-2 text-left data-placeholder:text-faint [&>span]:truncate",
          className,
        )}
        {...rest}
      >
        {/* The label is rendered on the server. Radix itself knows labels only after the list was mounted. */}
        <Radix.Value placeholder={placeholder ?? "Select…"}>{chosen?.label}</Radix.Value>
        <Radix.Icon asChild>
          <ChevronDown className="size-3.5 shrink-0 text-faint" aria-hidden />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="z-60 max-h-80 min-w-(--radix-select-trigger-width) animate-[rise-in_120ms_ease-out] overflow-hidden rounded-lg bg-raised p-1 shadow-float"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value || NONE}
                className="flex cursor-default select-none items-center justify-between gap-4 rounded-md px-2 py-1.5 text-sm outline-none data-highlighted:bg-hover"
              >
                <span className="flex items-baseline gap-2">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.hint ? <span className="text-faint text-xs">{option.hint}</span> : null}
                </span>
                <Radix.ItemIndicator>
                  <Check className="size-3.5" aria-hidden />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
