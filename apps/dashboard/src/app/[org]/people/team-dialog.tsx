"use client";

import type { AllowList } from "@tollgate/contracts/grant";
import type { Team } from "@tollgate/control/teams/schemas";
import { useState } from "react";
import { toast } from "sonner";
import { AllowListField } from "@/components/allow-list-field.tsx";
import { TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { ActionResult } from "@/lib/action-result.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { createTeamAction, updateTeamAction } from "./actions.ts";

interface Props {
  /** The one to edit; a new one without. */
  team?: Team;
  models: readonly string[];
  onClose: () => void;
}

export function TeamDialog({ team, models, onClose }: Props) {
  const [name, setName] = useState(team?.name ?? "");
  const [list, setList] = useState<AllowList>({ allow: team?.allow ?? null, deny: team?.deny ?? [] });
  const save = (slug: string, input: { name: string } & AllowList): Promise<ActionResult<Team>> =>
    team ? updateTeamAction(slug, { id: team.id, ...input }) : createTeamAction(slug, input);
  const { run, pending, message, fields } = useOrgAction(save, (saved) => {
    toast.success(`${saved.name} ${team ? "saved" : "created"}`);
    onClose();
  });
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title={team ? `Edit ${team.name}` : "Create team"}
      description="A key of a team may call what organisation, team and key all allow."
      submit={team ? "Save" : "Create team"}
      pending={pending}
      message={message}
      onSubmit={() => run({ name, ...list })}
    >
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        error={fields.name}
        placeholder="Research"
        autoFocus={!team}
      />
      <AllowListField value={list} onChange={setList} models={models} errors={fields} />
    </FormDialog>
  );
}
