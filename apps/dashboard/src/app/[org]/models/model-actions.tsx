import type { Model } from "@tollgate/control/models/schemas";
import { CircleDollarSign } from "lucide-react";
import { deleteAction } from "@/components/data-table/delete-action.tsx";
import { editAction, type RowAction } from "@/components/data-table/row-action.ts";
import { deleteModelAction } from "./actions.ts";
import type { ModelChoices } from "./model-choices.ts";
import { ModelDialog } from "./model-dialog.tsx";
import { PriceDialog } from "./price-dialog.tsx";

/** Actions of a model, for people who may change models. */
export const modelActions = (choices: ModelChoices): readonly RowAction<Model>[] => [
  editAction((row, onClose) => <ModelDialog choices={choices} model={row} onClose={onClose} />),
  {
    label: "Price",
    icon: CircleDollarSign,
    dialog: (row, onClose) => <PriceDialog model={row} onClose={onClose} />,
  },
  deleteAction<Model>({
    noun: "model",
    action: deleteModelAction,
    text: (row) => (
      <>
        Apps that ask for <span className="font-mono">{row.name}</span> get 404 model_not_found. What it has cost so far
        stays in Spend.
      </>
    ),
  }),
];
