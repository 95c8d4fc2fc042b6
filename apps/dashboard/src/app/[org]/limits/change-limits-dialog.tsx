"use client";

import type { LimitMode } from "@tollgate/contracts/limit";
import type { Limit } from "@tollgate/control/limits/schemas";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useOrgForm } from "@/lib/use-form.ts";
import { bulkChangeLimitsAction } from "./actions.ts";
import { MODES } from "./limit-options.ts";

interface Props {
  limits: readonly Limit[];
  onClose: () => void;
}

interface Form {
  amount: string;
  mode: LimitMode | "keep";
}

const START: Form = { amount: "", mode: "keep" };
const KEEP = { value: "keep", label: "No change" } as const;

/** Changes the amount or the mode of several limits: all or none. */
export function ChangeLimitsDialog({ limits, onClose }: Props) {
  const { field, errorOf, frame } = useOrgForm({
    start: START,
    action: bulkChangeLimitsAction,
    input: ({ amount, mode }) => ({
      items: limits.map(({ id }) => ({
        id,
        ...(amount.trim() ? { amount: amount.trim() } : {}),
        ...(mode === "keep" ? {} : { mode }),
      })),
    }),
    done: ({ changed }) => `${changed} ${changed === 1 ? "limit" : "limits"} changed`,
    onDone: onClose,
  });
  const units = new Set(limits.map(({ unit }) => unit));
  return (
    <FormDialog
      {...frame}
      message={errorOf("items") ? `Nothing was changed: ${errorOf("items")}.` : frame.message}
      title={`Change ${limits.length} ${limits.length === 1 ? "limit" : "limits"}`}
      submit="Save"
      onClose={onClose}
    >
      <TextField
        label="Amount"
        inputMode="decimal"
        {...field("amount")}
        placeholder="No change"
        hint={
          units.size > 1
            ? "The limits count in different units. Each gets this amount in its own."
            : "An amount below what is used already refuses calls at once."
        }
      />
      <SelectField label="Mode" {...field("mode")} options={[KEEP, ...MODES]} />
    </FormDialog>
  );
}
