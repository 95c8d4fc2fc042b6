"use client";

import type { Bookkeeping, BookMonth } from "@tollgate/control/usage/books-schemas";
import { Lock } from "lucide-react";
import Link from "next/link";
import { useParams } from "next/navigation";
import { useMemo, useState } from "react";
import type { Column } from "@/components/data-table/column.ts";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Money } from "@/components/ui/money.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatCount } from "@/lib/format-count.ts";
import { formatMonth } from "@/lib/format-month.ts";
import { CloseMonthDialog } from "./close-month-dialog.tsx";
import { RerateDialog } from "./rerate-dialog.tsx";

interface Props {
  months: readonly BookMonth[];
  /** The latest one asked for. */
  rerating: Bookkeeping | null;
  mayKeep: boolean;
}

function State({ month: { state, closedAt, closedBy } }: { month: BookMonth }) {
  if (state === "current") return <Badge tone="accent">Current</Badge>;
  if (state === "open") return <Badge>Open</Badge>;
  if (state === "closing") return <Badge tone="warn">Closing…</Badge>;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <Badge tone="good">
        <Lock aria-hidden />
        Closed
      </Badge>
      {closedAt ? (
        <span
          className="hidden text-faint text-xs lg:inline"
          title={`Closed by ${closedBy ?? "itself, 35 days after its end"}`}
        >
          <Time at={closedAt} />
        </span>
      ) : null}
    </span>
  );
}

const Cost = ({ month: { costUsd, unpriced, laterUsd } }: { month: BookMonth }) => (
  <>
    <Money usd={costUsd} />
    {unpriced > 0 ? <span className="block text-warn text-xs">+ {formatCount(unpriced)} unpriced</span> : null}
    {laterUsd === "0" ? null : (
      <span className="block text-faint text-xs" title="Came after it was closed, and is in the cost of later months">
        <Money usd={laterUsd} /> later
      </span>
    )}
  </>
);

const columnsFor = (org: string, close: ((month: BookMonth) => void) | null): readonly Column<BookMonth>[] => [
  {
    id: "month",
    header: "Month",
    cell: ({ month }) => (
      <Link href={`/${org}/spend?month=${month}`} className="whitespace-nowrap font-medium hover:underline">
        {formatMonth(month)}
      </Link>
    ),
  },
  { id: "state", header: "Books", cell: (month) => <State month={month} /> },
  {
    id: "requests",
    header: "Requests",
    align: "right",
    from: "sm",
    cell: ({ requests }) => formatCount(requests),
  },
  {
    id: "adjustments",
    header: "Of closed months",
    align: "right",
    from: "md",
    cell: ({ adjustmentsUsd }) =>
      adjustmentsUsd === "0" ? <span className="text-faint">–</span> : <Money usd={adjustmentsUsd} />,
  },
  {
    id: "cost",
    header: "Cost",
    align: "right",
    cell: (month) => <Cost month={month} />,
  },
  ...(close
    ? [
        {
          id: "close",
          header: "Actions",
          unseen: true,
          align: "right" as const,
          cell: (month: BookMonth) =>
            month.state === "open" ? (
              <Button size="sm" aria-label={`Close ${formatMonth(month.month)}`} onClick={() => close(month)}>
                Close
              </Button>
            ) : null,
        },
      ]
    : []),
];

function LastRerating({ rerating }: { rerating: Bookkeeping | null }) {
  if (!rerating) return null;
  if (!rerating.doneAt) return <> Re-rating is under way.</>;
  return (
    <>
      {" "}
      Last re-rated <Time at={rerating.doneAt} />:{" "}
      {rerating.adjusted === 0 ? (
        "nothing to adjust"
      ) : (
        <>
          {formatCount(rerating.adjusted)} adjusted by <Money usd={rerating.adjustedUsd} />
        </>
      )}
      .
    </>
  );
}

/** The months of the ledger: which are closed, and the late adjustments to closed ones. */
export function MonthsSection({ months, rerating, mayKeep }: Props) {
  const { org } = useParams<{ org: string }>();
  const [closing, setClosing] = useState<BookMonth | null>(null);
  const [isRerating, setRerating] = useState(false);
  const mayClose = mayKeep && months.some(({ state }) => state === "open");
  const columns = useMemo(() => columnsFor(org, mayClose ? setClosing : null), [org, mayClose]);
  return (
    <section aria-labelledby="months" className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex items-end justify-between gap-4">
        <div>
          <h2 id="months" className="font-medium">
            Months
          </h2>
          <p className="text-faint text-xs">
            The figures of a closed month are final. Later changes to it are recorded in the open month.
            <LastRerating rerating={rerating} />
          </p>
        </div>
        {mayKeep ? <Button onClick={() => setRerating(true)}>Re-rate…</Button> : null}
      </div>
      <DataTable label="Months" columns={columns} rows={months} rowId={({ month }) => month} />
      {closing ? <CloseMonthDialog month={closing} onClose={() => setClosing(null)} /> : null}
      {isRerating ? <RerateDialog months={months} onClose={() => setRerating(false)} /> : null}
    </section>
  );
}
