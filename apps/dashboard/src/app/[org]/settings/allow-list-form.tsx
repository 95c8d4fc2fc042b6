"use client";

import type { AllowList } from "@tollgate/contracts/grant";
import type { Organisation } from "@tollgate/control/organisation/schemas";
import { useState } from "react";
import { toast } from "sonner";
import { AllowListField } from "@/components/allow-list-field.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { updateOrganisationAction } from "./actions.ts";
import { SettingsForm } from "./settings-form.tsx";

interface Props {
  organisation: Organisation;
  models: readonly string[];
}

export function AllowListForm({ organisation, models }: Props) {
  const [list, setList] = useState<AllowList>({ allow: organisation.allow, deny: organisation.deny });
  const { run, pending, message, fields } = useOrgAction(updateOrganisationAction, () =>
    toast.success("Saved", { description: "The proxy follows within two seconds." }),
  );
  return (
    <SettingsForm
      title="Allowed models"
      description="Binds every team and key; those can only allow less."
      pending={pending}
      message={message}
      onSubmit={() => run(list)}
    >
      <AllowListField value={list} onChange={setList} models={models} errors={fields} />
    </SettingsForm>
  );
}
