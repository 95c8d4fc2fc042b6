"use client";

import type { FoundModel } from "@tollgate/control/credentials/schemas";
import { Boxes, Plus } from "lucide-react";
import { toast } from "sonner";
import type { Column } from "@/components/data-table/column.ts";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { Absent } from "@/components/ui/absent.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { formatCountShort } from "@/lib/format-count.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { createModelAction } from "../actions.ts";
import { PriceText } from "../price-text.tsx";

interface Props {
  credentialId: string;
  models: readonly FoundModel[];
  nextCursor: string | null;
}

const COLUMNS: readonly Column<FoundModel>[] = [
  {
    id: "id",
    header: "Model",
    cell: (model) => (
      <span className="grid gap-0.5">
        <span className="break-all font-mono text-sm">{model.id}</span>
        <span className="text-xs sm:hidden">
          <PriceText price={model} />
        </span>
      </span>
    ),
  },
  {
    id: "price",
    header: "Price in / out, per M tokens",
    from: "sm",
    align: "right",
    cell: (model) => <PriceText price={model} />,
  },
  {
    id: "context",
    header: "Context",
    from: "md",
    align: "right",
    cell: ({ contextTokens }) => (contextTokens ? formatCountShort(contextTokens) : <Absent />),
  },
  {
    id: "state",
    header: "State",
    cell: ({ isAdded }) => (isAdded ? <Badge tone="good">Added</Badge> : <Absent />),
  },
];

/** The models that a provider lists. One click adds a model of the same name. */
export function FoundTable({ credentialId, models, nextCursor }: Props) {
  const { run, pending, message } = useOrgAction(createModelAction, ({ name }) => toast.success(`${name} added`));
  const add = ({ id }: FoundModel): void => {
    if (!pending) run({ name: id, targets: [{ credentialId, upstreamModel: id }] });
  };
  return (
    <ResourceTable
      label="Found models"
      rows={models}
      rowId={({ id }) => id}
      rowName={({ id }) => id}
      columns={COLUMNS}
      actions={[
        { label: "Add", icon: Plus, button: ({ id }) => `Add ${id}`, when: ({ isAdded }) => !isAdded, run: add },
      ]}
      problem={message}
      searchable
      nextCursor={nextCursor}
      empty={{ icon: Boxes, title: "No models", text: "The provider lists no model that this secret may call." }}
    />
  );
}
