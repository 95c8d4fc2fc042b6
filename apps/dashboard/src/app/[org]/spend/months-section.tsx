"use client";

import type { LedgerMonth, Maintenance } from "@tollgate/control/ledger/schemas";
import { CalendarDays, Lock } from "lucide-react";
import Link from "next/link";
import { useParams } from "next/navigation";
import { useState } from "react";
import type { Column } from "@/components/data-table/column.ts";
import { numberColumn } from "@/components/data-table/common-columns.tsx";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import type { RowAction } from "@/components/data-table/row-action.ts";
import { Section } from "@/components/shell/section.tsx";
import { Absent } from "@/components/ui/absent.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Money } from "@/components/ui/money.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatCount } from "@/lib/format-count.ts";
import { formatMonth } from "@/lib/format-month.ts";
import { CloseMonthDialog } from "./close-month-dialog.tsx";
import { RerateDialog } from "./rerate-dialog.tsx";

interface Props {
  months: readonly LedgerMonth[];
  /** The latest request. */
  rerating: Maintenance | null;
  mayKeep: boolean;
}

function State({ month: { state, closedAt, closedBy } }: { month: LedgerMonth }) {
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

const Cost = ({ month: { costUsd, unpriced, laterUsd } }: { month: LedgerMonth }) => (
  <>
    <Money usd={costUsd} />
    {unpriced > 0 ? <span className="block text-warn text-xs">+ {formatCount(unpriced)} unpriced</span> : null}
    {laterUsd === "0" ? null : (
      <span
        className="block text-faint text-xs"
        title="Arrived after the month was closed; included in the cost of later months"
      >
        <Money usd={laterUsd} /> later
      </span>
    )}
  </>
);

const columnsFor = (org: string): readonly Column<LedgerMonth>[] => [
  {
    id: "month",
    header: "Month",
    cell: ({ month }) => (
      <Link href={`/${org}/spend?month=${month}`} className="whitespace-nowrap font-medium hover:underline">
        {formatMonth(month)}
      </Link>
    ),
  },
  { id: "state", header: "State", cell: (month) => <State month={month} /> },
  numberColumn({ id: "requests", header: "Requests", from: "sm", of: ({ requests }) => requests }),
  {
    id: "adjustments",
    header: "Late adjustments",
    align: "right",
    from: "md",
    cell: ({ adjustmentsUsd }) => (adjustmentsUsd === "0" ? <Absent /> : <Money usd={adjustmentsUsd} />),
  },
  {
    id: "cost",
    header: "Cost",
    align: "right",
    cell: (month) => <Cost month={month} />,
  },
];

function LastRerating({ rerating }: { rerating: Maintenance | null }) {
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

const CLOSE: RowAction<LedgerMonth> = {
  label: "Close",
  button: ({ month }) => `Close ${formatMonth(month)}`,
  when: ({ state }) => state === "open",
  dialog: (row, onClose) => <CloseMonthDialog month={row} onClose={onClose} />,
};

/** The months of the ledger: which are closed, and the late adjustments to closed ones. */
export function MonthsSection({ months, rerating, mayKeep }: Props) {
  const { org } = useParams<{ org: string }>();
  const [isRerating, setRerating] = useState(false);
  const mayClose = mayKeep && months.some(({ state }) => state === "open");
  return (
    <Section
      title="Months"
      description={
        <>
          The figures of a closed month are final. Later changes to it are recorded in the open month.
          <LastRerating rerating={rerating} />
        </>
      }
      action={mayKeep ? <Button onClick={() => setRerating(true)}>Re-rate…</Button> : null}
    >
      <ResourceTable
        label="Months"
        prefix="month-"
        rows={months}
        rowId={({ month }) => month}
        rowName={({ month }) => formatMonth(month)}
        columns={columnsFor(org)}
        actions={mayClose ? [CLOSE] : []}
        empty={{ icon: CalendarDays, title: "No months yet", text: "A month appears with its first request." }}
      />
      {isRerating ? <RerateDialog months={months} onClose={() => setRerating(false)} /> : null}
    </Section>
  );
}
