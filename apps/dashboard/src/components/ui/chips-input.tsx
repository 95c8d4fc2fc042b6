"use client";

import { X } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { usePick } from "@/components/pick/use-pick.ts";
import { cn } from "@/lib/cn.ts";
import type { PickKind } from "@/lib/pick-kinds.ts";

interface Props {
  values: readonly string[];
  onChange: (values: string[]) => void;
  /** The kind of objects whose names are suggested while one types. */
  suggest?: PickKind;
  placeholder?: string;
  id?: string;
  "aria-invalid"?: true | undefined;
  "aria-describedby"?: string | undefined;
}

/** A list of short texts: Enter or comma adds one, backspace removes the last. */
export function ChipsInput({ values, onChange, suggest, placeholder, ...control }: Props) {
  const [draft, setDraft] = useState("");
  const list = useId();
  const [active, setActive] = useState(false);
  const found = usePick(suggest ?? "model-name", draft.trim(), active && suggest !== undefined);
  const suggestions = found.options.map(({ value }) => value);
  const add = (text: string) => {
    const parts = text
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean);
    setDraft("");
    if (parts.length > 0) onChange([...new Set([...values, ...parts])]);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // Enter never submits the form here, because a complete name may just have become a chip.
    if (event.key === "Enter" || (event.key === "," && draft.trim())) {
      event.preventDefault();
      add(draft);
    }
    if (event.key === "Backspace" && draft === "") onChange(values.slice(0, -1));
  };
  const onType = (text: string) => (suggestions.includes(text) ? add(text) : setDraft(text));
  return (
    <div
      className={cn(
        "flex min-h-8 flex-wrap items-center gap-1 rounded-md border border-line-strong bg-raised px-1.5 py-1 shadow-card focus-within:border-accent focus-within:outline-2 focus-within:outline-accent/40",
        control["aria-invalid"] && "border-danger",
      )}
    >
      {values.map((value) => (
        <span
          key={value}
          className="inline-flex items-center gap-0.5 rounded bg-hover py-0.5 pr-0.5 pl-1.5 font-mono text-xs"
        >
          {value}
          <button
            type="button"
            aria-label={`Remove ${value}`}
            onClick={() => onChange(values.filter((other) => other !== value))}
            className="rounded p-0.5 text-faint hover:text-ink"
          >
            <X className="size-3" aria-hidden />
          </button>
        </span>
      ))}
      <input
        {...control}
        list={list}
        value={draft}
        placeholder={values.length === 0 ? placeholder : undefined}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
        onFocus={() => setActive(true)}
        onBlur={() => add(draft)}
        className="h-6 min-w-32 flex-1 bg-transparent px-1 text-sm outline-none placeholder:text-faint"
      />
      <datalist id={list}>
        {suggestions
          .filter((name) => !values.includes(name))
          .map((name) => (
            <option key={name} value={name} />
          ))}
      </datalist>
    </div>
  );
}
