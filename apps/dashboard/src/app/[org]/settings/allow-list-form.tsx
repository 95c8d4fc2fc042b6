"use client";

import type { Organisation } from "@tollgate/control/organisation/schemas";
import { AllowListField } from "@/components/allow-list-field.tsx";
import { useOrgForm } from "@/lib/use-form.ts";
import { updateOrganisationAction } from "./actions.ts";
import { SettingsForm } from "./settings-form.tsx";

export function AllowListForm({ organisation: { allow, deny } }: { organisation: Organisation }) {
  const { form, set, errorOf, frame } = useOrgForm({
    start: { allow, deny },
    action: updateOrganisationAction,
    input: (list) => list,
    done: () => "Saved",
    note: "The proxies apply it within two seconds.",
  });
  return (
    <SettingsForm
      {...frame}
      title="Allowed models"
      description="Applies to every team and key. They can allow less, never more."
    >
      <AllowListField value={form} onChange={set} errorOf={errorOf} />
    </SettingsForm>
  );
}
