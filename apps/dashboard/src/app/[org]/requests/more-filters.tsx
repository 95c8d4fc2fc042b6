"use client";

import { parseUsd } from "@tollgate/contracts/money";
import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { Popover } from "@/components/ui/popover.tsx";
import type { CACHES, MoreFilter } from "./filter.ts";

interface Props {
  filter: MoreFilter;
  onChange: (part: MoreFilter) => void;
}

interface Form {
  tag: string;
  customer: string;
  session: string;
  endUser: string;
  costCentre: string;
  cache: (typeof CACHES)[number] | "";
  cost: string;
  ms: string;
}

const CACHE_OPTIONS: readonly { value: Form["cache"]; label: string }[] = [
  { value: "", label: "Any" },
  { value: "hit", label: "Hit" },
  { value: "miss", label: "Miss" },
  { value: "bypass", label: "Bypassed" },
  { value: "off", label: "Off" },
];

const formOf = ({ cache, ms, ...texts }: MoreFilter): Form => ({
  ...texts,
  cache: cache ?? "",
  ms: ms === null ? "" : String(ms),
});

const problemsOf = ({ tag, cost, ms }: Form): Partial<Record<keyof Form, string>> => ({
  ...(tag && !tag.includes("=") ? { tag: "as name=value" } : {}),
  ...(cost && parseUsd(cost) === null ? { cost: "a plain number such as 0.01" } : {}),
  ...(ms && !/^\d{1,8}$/.test(ms) ? { ms: "a whole number" } : {}),
});

/** Filters that are used less often. They are applied together. */
export function MoreFilters({ filter, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const [form, setForm] = useState(() => formOf(filter));
  const set = (part: Partial<Form>) => setForm({ ...form, ...part });
  const problems = problemsOf(form);
  const count = Object.values(filter).filter((value) => value).length;
  const show = (next: boolean) => {
    if (next) setForm(formOf(filter));
    setOpen(next);
  };
  const apply = () => {
    if (Object.keys(problems).length > 0) return;
    onChange({ ...form, cache: form.cache || null, ms: form.ms ? Number(form.ms) : null });
    setOpen(false);
  };
  return (
    <Popover
      label="More filters"
      open={open}
      onOpenChange={show}
      trigger={
        <Button>
          <SlidersHorizontal aria-hidden />
          More{count > 0 ? ` (${count})` : ""}
        </Button>
      }
    >
      <form
        noValidate
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <TextField
          label="Tag"
          value={form.tag}
          onChange={(tag) => set({ tag })}
          placeholder="env=prod"
          error={problems.tag}
        />
        <TextField label="Customer" value={form.customer} onChange={(customer) => set({ customer })} />
        <TextField label="Run" value={form.session} onChange={(session) => set({ session })} />
        <div className="grid grid-cols-2 items-start gap-3">
          <TextField label="End user" value={form.endUser} onChange={(endUser) => set({ endUser })} />
          <TextField label="Cost centre" value={form.costCentre} onChange={(costCentre) => set({ costCentre })} />
        </div>
        <SelectField label="Cache" value={form.cache} onChange={(cache) => set({ cache })} options={CACHE_OPTIONS} />
        <div className="grid grid-cols-2 items-start gap-3">
          <TextField
            label="Cost at least, $"
            inputMode="decimal"
            value={form.cost}
            onChange={(cost) => set({ cost })}
            error={problems.cost}
          />
          <TextField
            label="Took at least, ms"
            inputMode="numeric"
            value={form.ms}
            onChange={(ms) => set({ ms })}
            error={problems.ms}
          />
        </div>
        <Button type="submit" look="primary">
          Apply
        </Button>
      </form>
    </Popover>
  );
}
