"use client";

import type { Guardrail } from "@tollgate/control/guardrails/schemas";
import { useState } from "react";
import { toast } from "sonner";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { ActionResult } from "@/lib/action-result.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { createGuardrailAction, updateGuardrailAction } from "./actions.ts";
import { ACTIONS, KINDS, MODES, ON_FAILURE } from "./guardrail-options.ts";
import { PatternsField } from "./patterns-field.tsx";

interface Props {
  /** The one to edit; a new one without. */
  guardrail?: Guardrail;
  onClose: () => void;
}

type Form = Pick<Guardrail, "name" | "kind" | "patterns" | "action" | "mode" | "onFailure">;

const START: Form = { name: "", kind: "keyword", patterns: [], action: "block", mode: "on", onFailure: "closed" };

export function GuardrailDialog({ guardrail, onClose }: Props) {
  const [form, setForm] = useState<Form>(guardrail ?? START);
  const set = (part: Partial<Form>) => setForm({ ...form, ...part });
  const save = (
    slug: string,
    { name, kind, patterns, action, mode, onFailure }: Form,
  ): Promise<ActionResult<Guardrail>> =>
    guardrail
      ? updateGuardrailAction(slug, { id: guardrail.id, name, patterns, action, mode, onFailure })
      : createGuardrailAction(slug, { name, kind, patterns, action, mode, onFailure });
  const { run, pending, message, fields } = useOrgAction(save, (saved) => {
    toast.success(`${saved.name} ${guardrail ? "saved" : "added"}`, {
      description: "The proxy follows within two seconds.",
    });
    onClose();
  });
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title={guardrail ? `Edit ${guardrail.name}` : "Add guardrail"}
      submit={guardrail ? "Save" : "Add guardrail"}
      pending={pending}
      message={message}
      onSubmit={() => run(form)}
    >
      <TextField
        label="Name"
        value={form.name}
        onChange={(name) => set({ name })}
        error={fields.name}
        hint="A refused caller is told this name, never what matched."
        autoFocus={!guardrail}
      />
      <SelectField
        label="Kind"
        value={form.kind}
        onChange={(kind) => set({ kind, patterns: [] })}
        options={KINDS}
        error={fields.kind}
        disabled={guardrail !== undefined}
      />
      <PatternsField
        kind={form.kind}
        patterns={form.patterns}
        onChange={(patterns) => set({ patterns })}
        error={Object.entries(fields).find(([field]) => field.startsWith("patterns"))?.[1]}
      />
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <SelectField
          label="Action"
          value={form.action}
          onChange={(action) => set({ action })}
          options={ACTIONS}
          error={fields.action}
        />
        <SelectField
          label="Mode"
          value={form.mode}
          onChange={(mode) => set({ mode })}
          options={MODES}
          error={fields.mode}
        />
        <SelectField
          label="If it cannot run"
          value={form.onFailure}
          onChange={(onFailure) => set({ onFailure })}
          options={ON_FAILURE}
          error={fields.onFailure}
        />
      </div>
    </FormDialog>
  );
}
