"use client";

import type { AllowList } from "@tollgate/contracts/grant";
import type { Team } from "@tollgate/control/teams/schemas";
import { AllowListField } from "@/components/allow-list-field.tsx";
import { CostCentreField } from "@/components/cost-centre-field.tsx";
import { TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { ActionResult } from "@/lib/action-result.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { createTeamAction, updateTeamAction } from "./actions.ts";

interface Props {
  /** The one to edit. Without it a new one is created. */
  team?: Team;
  onClose: () => void;
}

type Form = { name: string; costCentre: string } & AllowList;

const START: Form = { name: "", costCentre: "", allow: null, deny: [] };

export function TeamDialog({ team, onClose }: Props) {
  const save = (slug: string, form: Form): Promise<ActionResult<Team>> => {
    const { name, allow, deny } = form;
    const input = { name, allow, deny, costCentre: form.costCentre.trim() || null };
    return team ? updateTeamAction(slug, { id: team.id, ...input }) : createTeamAction(slug, input);
  };
  const { form, set, field, errorOf, frame } = useOrgForm({
    start: team ? { ...team, costCentre: team.costCentre ?? "" } : START,
    action: save,
    input: (form: Form) => form,
    done: ({ name }) => `${name} ${team ? "saved" : "created"}`,
    onDone: onClose,
  });
  return (
    <FormDialog
      {...frame}
      title={team ? `Edit ${team.name}` : "Create team"}
      description="A key of a team may call the models that the organisation, the team and the key all allow."
      submit={team ? "Save" : "Create team"}
      onClose={onClose}
    >
      <TextField label="Name" {...field("name")} placeholder="Research" autoFocus={!team} />
      <CostCentreField of="team" {...field("costCentre")} />
      <AllowListField value={form} onChange={set} errorOf={errorOf} />
    </FormDialog>
  );
}
