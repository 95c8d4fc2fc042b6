"use client";

import type { Model } from "@tollgate/control/models/schemas";
import type { OwnPrice } from "@tollgate/control/prices/schemas";
import { Boxes, CircleDollarSign, Pencil, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { MenuItem } from "@/components/ui/menu.tsx";
import { RowMenu } from "@/components/ui/row-menu.tsx";
import { FirstModel } from "./add-model.tsx";
import { DeleteModelDialog } from "./delete-model-dialog.tsx";
import type { ModelChoices } from "./model-choices.ts";
import { MODEL_COLUMNS } from "./model-columns.tsx";
import { ModelDialog } from "./model-dialog.tsx";
import { PriceDialog } from "./price-dialog.tsx";

interface Props {
  models: readonly Model[];
  prices: readonly OwnPrice[];
  /** Null for those who may look but not change. */
  choices: ModelChoices | null;
}

type Open = { what: "edit" | "price" | "delete"; model: Model } | null;

export function ModelsTable({ models, prices, choices }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const mayEdit = choices !== null;
  const columns = useMemo(
    () =>
      mayEdit
        ? [
            ...MODEL_COLUMNS,
            {
              id: "actions",
              header: "Actions",
              unseen: true,
              align: "right" as const,
              className: "align-top",
              cell: (row: Model) => (
                <RowMenu label={row.name}>
                  <MenuItem onSelect={() => setOpen({ what: "edit", model: row })}>
                    <Pencil aria-hidden />
                    Edit
                  </MenuItem>
                  <MenuItem onSelect={() => setOpen({ what: "price", model: row })}>
                    <CircleDollarSign aria-hidden />
                    Price
                  </MenuItem>
                  <MenuItem danger onSelect={() => setOpen({ what: "delete", model: row })}>
                    <Trash2 aria-hidden />
                    Delete
                  </MenuItem>
                </RowMenu>
              ),
            },
          ]
        : MODEL_COLUMNS,
    [mayEdit],
  );
  if (models.length === 0) {
    return (
      <EmptyState icon={Boxes} title="No models yet" action={choices ? <FirstModel choices={choices} /> : null}>
        {choices
          ? "A model is a public name with one target or several behind it; when one fails, the next answers."
          : "An admin of this organisation adds models here."}
      </EmptyState>
    );
  }
  return (
    <>
      <DataTable label="Models" columns={columns} rows={models} rowId={(row) => row.id} />
      {open?.what === "edit" && choices ? (
        <ModelDialog choices={choices} model={open.model} onClose={() => setOpen(null)} />
      ) : null}
      {open?.what === "price" ? <PriceDialog model={open.model} prices={prices} onClose={() => setOpen(null)} /> : null}
      {open?.what === "delete" ? <DeleteModelDialog model={open.model} onClose={() => setOpen(null)} /> : null}
    </>
  );
}
