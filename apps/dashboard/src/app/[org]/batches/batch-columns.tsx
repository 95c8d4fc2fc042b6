import type { Batch } from "@tollgate/control/batches/schemas";
import Link from "next/link";
import type { Column } from "@/components/data-table/column.ts";
import { timeColumn } from "@/components/data-table/common-columns.tsx";
import { Absent } from "@/components/ui/absent.tsx";
import { Money } from "@/components/ui/money.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatCount } from "@/lib/format-count.ts";
import { BatchState } from "./batch-state.tsx";

const Cost = ({ batch: { state, heldUsd, costUsd } }: { batch: Batch }) => {
  if (state !== "open") return <Money usd={costUsd} short />;
  if (heldUsd === null) return <Absent>nothing held</Absent>;
  return (
    <span title="Limits count this amount until the batch has ended">
      <Money usd={heldUsd} short /> <span className="text-faint">held</span>
    </span>
  );
};

/** Finance may see what batches cost, and no requests. */
export const batchColumns = (slug: string, seesRequests: boolean): readonly Column<Batch>[] => [
  {
    id: "batch",
    header: "Batch",
    cell: ({ id, model, provider, providerBatchId, state }) => (
      <div className="min-w-0 max-w-36 leading-4 sm:max-w-64">
        {seesRequests ? (
          <Link
            href={`/${slug}/requests?${new URLSearchParams({ text: id, request: id })}`}
            title="The request that created it"
            className="block truncate font-medium hover:underline"
          >
            {model}
          </Link>
        ) : (
          <span className="block truncate font-medium">{model}</span>
        )}
        <span className="block truncate text-faint text-xs" title={providerBatchId ?? undefined}>
          {provider}
          {providerBatchId === null && state === "open" ? ", not confirmed yet" : null}
        </span>
      </div>
    ),
  },
  { id: "state", header: "State", cell: (batch) => <BatchState batch={batch} /> },
  {
    id: "lines",
    header: "Done / failed",
    from: "md",
    align: "right",
    cell: ({ linesDone, linesFailed }) =>
      linesDone === null ? (
        <Absent />
      ) : (
        <>
          {formatCount(linesDone)} <span className="text-faint">/</span> {formatCount(linesFailed ?? 0)}
        </>
      ),
  },
  { id: "cost", header: "Cost", align: "right", cell: (batch) => <Cost batch={batch} /> },
  timeColumn({ id: "created", header: "Created", from: "sm", sort: "createdAt", at: ({ createdAt }) => createdAt }),
  {
    id: "ends",
    header: "Ended",
    from: "lg",
    cell: ({ settledAt, endsBy }) => (
      <span className="text-soft">
        {settledAt ? null : "ends "}
        <Time at={settledAt ?? endsBy} />
      </span>
    ),
  },
  { id: "key", header: "Key", from: "md", cell: ({ keyName }) => keyName },
];
