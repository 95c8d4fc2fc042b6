import type { Model } from "@tollgate/control/models/schemas";
import type { OwnPrice } from "@tollgate/control/prices/schemas";
import { CircleDollarSign } from "lucide-react";
import { deleteAction, editAction, type RowAction } from "@/components/data-table/row-action.ts";
import { DeleteDialog } from "@/components/delete-dialog.tsx";
import { deleteModelAction } from "./actions.ts";
import type { ModelChoices } from "./model-choices.ts";
import { ModelDialog } from "./model-dialog.tsx";
import { PriceDialog } from "./price-dialog.tsx";

/** What those who may change models can do to one. */
export const modelActions = (choices: ModelChoices, prices: readonly OwnPrice[]): readonly RowAction<Model>[] => [
  editAction((row, onClose) => <ModelDialog choices={choices} model={row} onClose={onClose} />),
  {
    label: "Price",
    icon: CircleDollarSign,
    dialog: (row, onClose) => <PriceDialog model={row} prices={prices} onClose={onClose} />,
  },
  deleteAction((row, onClose) => (
    <DeleteDialog
      id={row.id}
      action={deleteModelAction}
      title={`Delete ${row.name}?`}
      confirm="Delete model"
      done={`${row.name} deleted`}
      onClose={onClose}
    >
      <p>
        Apps that ask for <span className="font-mono">{row.name}</span> get 404 model_not_found. What it has cost so far
        stays in Spend.
      </p>
    </DeleteDialog>
  )),
];
