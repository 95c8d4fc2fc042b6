"use client";

import type { Organisation } from "@tollgate/control/organisation/schemas";
import { useId, useState } from "react";
import { toast } from "sonner";
import { Field, SelectField, TextField } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { updateOrganisationAction } from "./actions.ts";
import { SettingsForm } from "./settings-form.tsx";

interface Props {
  organisation: Organisation;
  timeZones: readonly string[];
}

const STYLES = [
  { value: "402", label: "402 budget_exceeded", hint: "SDKs do not retry" },
  { value: "429", label: "429 insufficient_quota", hint: "as OpenAI does" },
] as const;

export function GeneralForm({ organisation, timeZones }: Props) {
  const list = useId();
  const [name, setName] = useState(organisation.name);
  const [timeZone, setTimeZone] = useState(organisation.timeZone);
  const [style, setStyle] = useState<"402" | "429">(organisation.budgetErrorStatus === 402 ? "402" : "429");
  const { run, pending, message, fields } = useOrgAction(updateOrganisationAction, () => toast.success("Saved"));
  return (
    <SettingsForm
      title="General"
      description="The name people see, and the clock by which windows begin and days are added up."
      pending={pending}
      message={message}
      onSubmit={() => run({ name, timeZone, budgetErrorStatus: style === "402" ? 402 : 429 })}
    >
      <TextField label="Name" value={name} onChange={setName} error={fields.name} />
      <Field
        label="Time zone"
        error={fields.timeZone}
        hint="Pages follow a change at once. A limit first ends the window it is in; the new zone begins there."
      >
        {(control) => (
          <>
            <Input {...control} list={list} value={timeZone} onChange={(event) => setTimeZone(event.target.value)} />
            <datalist id={list}>
              {timeZones.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <SelectField
        label="When a budget is spent, answer"
        value={style}
        onChange={setStyle}
        options={STYLES}
        error={fields.budgetErrorStatus}
      />
    </SettingsForm>
  );
}
