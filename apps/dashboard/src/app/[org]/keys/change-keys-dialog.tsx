"use client";

import type { AllowList } from "@tollgate/contracts/grant";
import type { Key } from "@tollgate/control/keys/schemas";
import { AllowListField } from "@/components/allow-list-field.tsx";
import { CostCentreField } from "@/components/cost-centre-field.tsx";
import { useMay } from "@/components/shell/organisation-provider.tsx";
import { SelectField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { EXPIRIES, type Expiry, expiryInstant } from "@/lib/expiry.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { bulkUpdateKeysAction } from "./actions.ts";

interface Props {
  keys: readonly Key[];
  onClose: () => void;
}

interface Form extends AllowList {
  expiresAt: Expiry | "keep";
  models: "keep" | "set";
  cost: "keep" | "set";
  costCentre: string;
}

const START: Form = { expiresAt: "keep", models: "keep", cost: "keep", costCentre: "", allow: null, deny: [] };
const KEEP = { value: "keep", label: "No change" } as const;

/** Changes the expiry, the cost centre or the models of several keys: all or none. */
export function ChangeKeysDialog({ keys, onClose }: Props) {
  const maySetCostCentre = useMay("members:update");
  const { form, set, field, errorOf, frame } = useOrgForm({
    start: START,
    action: bulkUpdateKeysAction,
    input: ({ expiresAt, models, cost, costCentre, allow, deny }) => ({
      items: keys.map(({ id }) => ({
        id,
        ...(expiresAt === "keep" ? {} : { expiresAt: expiryInstant(expiresAt, Date.now()) }),
        ...(cost === "keep" ? {} : { costCentre: costCentre.trim() || null }),
        ...(models === "keep" ? {} : { allow, deny }),
      })),
    }),
    done: ({ changed }) => `${changed} ${changed === 1 ? "key" : "keys"} changed`,
    note: "The proxy follows within two seconds.",
    onDone: onClose,
  });
  return (
    <FormDialog
      {...frame}
      message={errorOf("items") ? `Nothing was changed: ${errorOf("items")}.` : frame.message}
      title={`Change ${keys.length} ${keys.length === 1 ? "key" : "keys"}`}
      submit="Save"
      onClose={onClose}
    >
      <SelectField label="Expires" {...field("expiresAt")} options={[KEEP, ...EXPIRIES]} />
      {maySetCostCentre ? (
        <SelectField
          label="Cost centre"
          {...field("cost")}
          options={[KEEP, { value: "set", label: "Replace that of each key" }]}
        />
      ) : null}
      {form.cost === "set" ? <CostCentreField of="key" label="New cost centre" {...field("costCentre")} /> : null}
      <SelectField
        label="Allowed models"
        {...field("models")}
        options={[KEEP, { value: "set", label: "Replace those of each key" }]}
      />
      {form.models === "set" ? <AllowListField value={form} onChange={set} errorOf={errorOf} /> : null}
    </FormDialog>
  );
}
