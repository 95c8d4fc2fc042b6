"use client";

import { Command } from "cmdk";
import { Check, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import { usePick } from "@/components/pick/use-pick.ts";
import { controlStyle } from "@/components/ui/input.tsx";
import type { SelectOption } from "@/components/ui/select.tsx";
import { cn } from "@/lib/cn.ts";
import type { PickKind } from "@/lib/pick-kinds.ts";

export interface PickProps {
  of: PickKind;
  value: string;
  onChange: (value: string, option: SelectOption<string>) => void;
  /** The option with the value "": `Any key`, `None`. Without it, a value must be chosen. */
  none?: string;
  /** The option of the value at first, for its label. */
  chosen?: SelectOption<string> | undefined;
  placeholder?: string;
}

interface Props extends PickProps {
  className?: string;
  id?: string;
  "aria-label"?: string;
  "aria-invalid"?: true | undefined;
  "aria-describedby"?: string | undefined;
}

const ITEM =
  "flex cursor-default select-none items-center justify-between gap-4 rounded-md px-2 py-1.5 text-sm outline-none data-[selected=true]:bg-hover";

/** A select that searches on the server as one types. It never loads all options. */
export function PickSelect({ of, value, onChange, none, chosen, placeholder, className, ...rest }: Props) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [picked, setPicked] = useState(chosen);
  const { options, more, loaded, problem } = usePick(of, text.trim(), open);
  const known = [picked, chosen, ...options].find((option) => option?.value === value);
  const label = value === "" ? none : (known?.label ?? value);
  const first: SelectOption<string>[] = none !== undefined && text === "" ? [{ value: "", label: none }] : [];
  const show = (next: boolean) => {
    setOpen(next);
    setText("");
  };
  const pick = (option: SelectOption<string>) => {
    setPicked(option);
    onChange(option.value, option);
    show(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={show}>
      <Popover.Trigger
        type="button"
        role="combobox"
        className={cn(controlStyle, "flex h-8 items-center justify-between gap-2 text-left", className)}
        {...rest}
      >
        <span className={cn("truncate", label === undefined && "text-faint")}>{label ?? placeholder ?? "Select…"}</span>
        <ChevronDown className="size-3.5 shrink-0 text-faint" aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={12}
          className="z-60 w-(--radix-popover-trigger-width) min-w-56 animate-[rise-in_120ms_ease-out] overflow-hidden rounded-lg bg-raised shadow-float focus:outline-none"
        >
          <Command label={`Search ${of}`} shouldFilter={false} loop>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder="Type to search"
              className="h-9 w-full border-line border-b bg-transparent px-3 text-sm outline-none placeholder:text-faint"
            />
            <Command.List className="p-1" aria-busy={!loaded || undefined}>
              {[...first, ...options].map((option) => (
                <Command.Item
                  key={option.value}
                  value={option.value || "none"}
                  onSelect={() => pick(option)}
                  className={ITEM}
                >
                  <span className="flex min-w-0 items-baseline gap-2">
                    <span className="truncate">{option.label}</span>
                    {option.hint ? <span className="truncate text-faint text-xs">{option.hint}</span> : null}
                  </span>
                  {option.value === value ? <Check className="size-3.5 shrink-0" aria-hidden /> : null}
                </Command.Item>
              ))}
            </Command.List>
            <p aria-live="polite" className="px-3 pb-2 text-faint text-xs empty:hidden">
              {problem ?? noteOf(options.length, more, loaded)}
            </p>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function noteOf(count: number, more: boolean, loaded: boolean): string {
  if (!loaded) return "Searching…";
  if (count === 0) return "Nothing matches.";
  return more ? "More match: type to find them." : "";
}
