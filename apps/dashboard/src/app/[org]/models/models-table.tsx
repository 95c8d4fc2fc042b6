"use client";

import type { Model } from "@tollgate/control/models/schemas";
import { Boxes } from "lucide-react";
import type { Creation } from "@/components/data-table/creation.ts";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { AddModelButton } from "./add-model-button.tsx";
import { modelActions } from "./model-actions.tsx";
import type { ModelChoices } from "./model-choices.ts";
import { MODEL_COLUMNS } from "./model-columns.tsx";
import { ModelDialog } from "./model-dialog.tsx";

interface Props {
  models: readonly Model[];
  nextCursor: string | null;
  /** Null for people who may not make changes. */
  choices: ModelChoices | null;
}

export function ModelsTable({ models, nextCursor, choices }: Props) {
  const { slug } = useOrganisation();
  const hasProvider = choices !== null && choices.first !== null;
  const create: Creation = {
    label: "Add model",
    dialog: (onClose) => (choices ? <ModelDialog choices={choices} onClose={onClose} /> : null),
  };
  return (
    <ResourceTable
      tall
      label="Models"
      rows={models}
      rowId={({ id }) => id}
      rowName={({ name }) => name}
      columns={MODEL_COLUMNS}
      actions={choices ? modelActions(choices) : []}
      searchable
      nextCursor={nextCursor}
      {...(hasProvider ? { create } : {})}
      empty={{
        icon: Boxes,
        title: "No models yet",
        text: choices
          ? "A model is a public name with one or more targets. When one fails, the next answers."
          : "An admin of this organisation adds models here.",
        action: choices ? <AddModelButton slug={slug} hasProvider={hasProvider} /> : null,
      }}
    />
  );
}
