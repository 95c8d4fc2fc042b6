"use client";

import type { Guardrail } from "@tollgate/control/guardrails/schemas";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { ActionResult } from "@/lib/action-result.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { createGuardrailAction, updateGuardrailAction } from "./actions.ts";
import { ACTIONS, KINDS, MODES, ON_FAILURE } from "./guardrail-options.ts";
import { PatternsField } from "./patterns-field.tsx";

interface Props {
  /** The one to edit. Without it a new one is added. */
  guardrail?: Guardrail;
  onClose: () => void;
}

type Form = Pick<Guardrail, "name" | "kind" | "patterns" | "action" | "mode" | "onFailure">;

const START: Form = { name: "", kind: "keyword", patterns: [], action: "block", mode: "on", onFailure: "closed" };

export function GuardrailDialog({ guardrail, onClose }: Props) {
  const save = (
    slug: string,
    { kind, name, patterns, action, mode, onFailure }: Form,
  ): Promise<ActionResult<Guardrail>> =>
    guardrail
      ? updateGuardrailAction(slug, { id: guardrail.id, name, patterns, action, mode, onFailure })
      : createGuardrailAction(slug, { name, kind, patterns, action, mode, onFailure });
  const { set, field, frame } = useOrgForm({
    start: guardrail ?? START,
    action: save,
    input: (form: Form) => form,
    done: ({ name }) => `${name} ${guardrail ? "saved" : "added"}`,
    note: "The proxies apply it within two seconds.",
    onDone: onClose,
  });
  const kind = field("kind");
  return (
    <FormDialog
      {...frame}
      title={guardrail ? `Edit ${guardrail.name}` : "Add guardrail"}
      submit={guardrail ? "Save" : "Add guardrail"}
      onClose={onClose}
    >
      <TextField
        label="Name"
        {...field("name")}
        hint="A refused caller sees this name, never what matched."
        autoFocus={!guardrail}
      />
      <SelectField
        label="Kind"
        {...kind}
        onChange={(next) => set({ kind: next, patterns: [] })}
        options={KINDS}
        disabled={guardrail !== undefined}
      />
      <PatternsField kind={kind.value} {...field("patterns")} />
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <SelectField label="Action" {...field("action")} options={ACTIONS} />
        <SelectField label="Mode" {...field("mode")} options={MODES} />
        <SelectField label="If it cannot run" {...field("onFailure")} options={ON_FAILURE} />
      </div>
    </FormDialog>
  );
}
