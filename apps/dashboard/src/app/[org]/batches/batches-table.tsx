"use client";

import { reachOf } from "@tollgate/control/authorize";
import type { Batch } from "@tollgate/control/batches/schemas";
import { CircleStop, Layers } from "lucide-react";
import { deleteAction } from "@/components/data-table/delete-action.tsx";
import type { Filter } from "@/components/data-table/filter.ts";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { cancelBatchAction } from "./actions.ts";
import { batchColumns } from "./batch-columns.tsx";
import { STATES } from "./batch-state.tsx";

const FILTERS: readonly Filter[] = [
  {
    kind: "choice",
    param: "state",
    label: "State",
    options: [
      { value: "", label: "Any state" },
      ...Object.entries(STATES).map(([value, { label }]) => ({ value, label })),
    ],
    width: "w-36",
  },
];

type Row = Batch & { name: string };

const CANCEL = deleteAction<Row>({
  noun: "batch",
  verb: "Cancel",
  done: "is being cancelled",
  icon: CircleStop,
  action: cancelBatchAction,
  when: ({ state, cancelAskedAt }) => state === "open" && cancelAskedAt === null,
  text: () =>
    "The provider is told within a minute and then starts no more of its requests. Requests that are done are charged. The rest of the hold is released when the batch has ended.",
});

interface Props {
  batches: readonly Batch[];
  nextCursor: string | null;
}

export function BatchesTable({ batches, nextCursor }: Props) {
  const { slug, role } = useOrganisation();
  return (
    <ResourceTable
      label="Batches"
      rows={batches.map((batch): Row => ({ ...batch, name: `the batch of ${batch.model}` }))}
      rowId={({ id }) => id}
      rowName={({ name }) => name}
      columns={batchColumns(slug, reachOf(role, "usage:requests") !== undefined)}
      actions={reachOf(role, "batches:cancel") ? [CANCEL] : []}
      filters={FILTERS}
      searchable
      nextCursor={nextCursor}
      timeline
      empty={{
        icon: Layers,
        title: "No batches yet",
        text: "A batch runs many requests within a day, at about half the price. Create one with the batches of an OpenAI client or the message batches of an Anthropic client.",
      }}
    />
  );
}
