"use client";

import type { AllowList } from "@tollgate/contracts/grant";
import { ChipsField } from "@/components/ui/chips-field.tsx";
import { SelectField } from "@/components/ui/field.tsx";

interface Props {
  value: AllowList;
  onChange: (part: Partial<AllowList>) => void;
  errorOf: (field: string) => string | undefined;
}

/** The allowed models, all or some, and the denied ones. Deny has precedence over allow. */
export const AllowListField = ({ value: { allow, deny }, onChange, errorOf }: Props) => (
  <>
    <SelectField
      label="Models"
      value={allow === null ? "all" : "some"}
      onChange={(which) => onChange({ allow: which === "all" ? null : [] })}
      options={[
        { value: "all", label: "All models" },
        { value: "some", label: "Only these" },
      ]}
    />
    {allow === null ? null : (
      <ChipsField
        label="Allowed models"
        hint="A model's name, or a prefix ending in *."
        value={allow}
        onChange={(next) => onChange({ allow: next })}
        error={errorOf("allow")}
        suggest="model-name"
        placeholder="Type a model and press Enter"
      />
    )}
    <ChipsField
      label="Denied models"
      hint="Deny has precedence over allow."
      value={deny}
      onChange={(next) => onChange({ deny: next })}
      error={errorOf("deny")}
      suggest="model-name"
      placeholder="None"
    />
  </>
);
