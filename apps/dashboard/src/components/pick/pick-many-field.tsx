"use client";

import { X } from "lucide-react";
import { useState } from "react";
import { PickSelect } from "@/components/pick/pick-select.tsx";
import { type Common, Field } from "@/components/ui/field.tsx";
import type { SelectOption } from "@/components/ui/select.tsx";
import type { PickKind } from "@/lib/pick-kinds.ts";

interface Props extends Common {
  of: PickKind;
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** The options of the values at first, for their labels. */
  chosen?: readonly SelectOption<string>[];
}

/** A choice of several objects: the chosen ones, and a select that adds one. */
export function PickManyField({ of, value, onChange, chosen = [], ...field }: Props) {
  const [picked, setPicked] = useState(chosen);
  const labelOf = (id: string) => picked.find((option) => option.value === id)?.label ?? id;
  const add = (id: string, option: SelectOption<string>) => {
    setPicked([...picked, option]);
    onChange([...new Set([...value, id])]);
  };
  return (
    <Field {...field}>
      {(control) => (
        <div className="grid gap-1.5">
          {value.length > 0 ? (
            <ul aria-label={field.label} className="flex flex-wrap gap-1">
              {value.map((id) => (
                <li key={id} className="inline-flex items-center gap-0.5 rounded bg-hover py-0.5 pr-0.5 pl-1.5 text-xs">
                  {labelOf(id)}
                  <button
                    type="button"
                    aria-label={`Remove ${labelOf(id)}`}
                    onClick={() => onChange(value.filter((other) => other !== id))}
                    className="rounded p-0.5 text-faint hover:text-ink"
                  >
                    <X className="size-3" aria-hidden />
                  </button>
                </li>
              ))}
            </ul>
          ) : null}
          <PickSelect of={of} value="" placeholder="Add…" onChange={add} {...control} />
        </div>
      )}
    </Field>
  );
}
