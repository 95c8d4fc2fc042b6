"use client";

import type { AllowList } from "@tollgate/contracts/grant";
import { ChipsInput } from "@/components/ui/chips-input.tsx";
import { Field, SelectField } from "@/components/ui/field.tsx";

interface Props {
  value: AllowList;
  onChange: (value: AllowList) => void;
  /** Names of the organisation's models. */
  models: readonly string[];
  errors?: Record<string, string>;
}

const errorOf = (errors: Record<string, string> | undefined, field: string): string | undefined =>
  Object.entries(errors ?? {}).find(([name]) => name === field || name.startsWith(`${field}.`))?.[1];

/** Which models may be called: all or only some, and those never. A denied one stays denied whatever else allows it. */
export function AllowListField({ value, onChange, models, errors }: Props) {
  const patterns = "A model's name, or a prefix ending in *.";
  return (
    <>
      <SelectField
        label="Models"
        value={value.allow === null ? "all" : "some"}
        onChange={(which) => onChange({ ...value, allow: which === "all" ? null : [] })}
        options={[
          { value: "all", label: "All models" },
          { value: "some", label: "Only these" },
        ]}
      />
      {value.allow === null ? null : (
        <Field label="Allowed models" hint={patterns} error={errorOf(errors, "allow")}>
          {(control) => (
            <ChipsInput
              {...control}
              values={value.allow ?? []}
              onChange={(allow) => onChange({ ...value, allow })}
              suggestions={models}
              placeholder="Type a model and press Enter"
            />
          )}
        </Field>
      )}
      <Field label="Denied models" hint="A deny always wins." error={errorOf(errors, "deny")}>
        {(control) => (
          <ChipsInput
            {...control}
            values={value.deny}
            onChange={(deny) => onChange({ ...value, deny })}
            suggestions={models}
            placeholder="None"
          />
        )}
      </Field>
    </>
  );
}
