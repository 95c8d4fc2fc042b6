import type { Run } from "@tollgate/control/reports/run-schemas";
import Link from "next/link";
import type { Column } from "@/components/data-table/column.ts";
import { numberColumn, timeColumn } from "@/components/data-table/common-columns.tsx";
import { StatusBadge } from "@/components/status-badge.tsx";
import { Absent } from "@/components/ui/absent.tsx";
import { Money } from "@/components/ui/money.tsx";
import { formatCount } from "@/lib/format-count.ts";

export const runColumns = (slug: string): readonly Column<Run>[] => [
  {
    id: "run",
    header: "Run",
    cell: ({ session, model }) => (
      <div className="min-w-0 max-w-40 leading-4 sm:max-w-64">
        <Link
          href={`/${slug}/requests?${new URLSearchParams({ session, range: "30d" })}`}
          title={`Requests of the run ${session}`}
          className="block truncate font-medium font-mono text-xs hover:underline"
        >
          {session}
        </Link>
        <span className="block truncate text-faint text-xs">{model}</span>
      </div>
    ),
  },
  {
    id: "status",
    header: "Last status",
    from: "sm",
    cell: ({ status, error }) => <StatusBadge status={status} error={error} />,
  },
  timeColumn({ id: "last", header: "Last call", sort: "lastAt", at: ({ lastAt }) => lastAt }),
  timeColumn({ id: "first", header: "First call", from: "lg", sort: "firstAt", at: ({ firstAt }) => firstAt }),
  numberColumn({ id: "requests", header: "Calls", sort: "requests", of: ({ requests }) => requests }),
  {
    id: "tokens",
    header: "Tokens in / out",
    from: "lg",
    align: "right",
    cell: ({ inputTokens, outputTokens }) => (
      <>
        {formatCount(inputTokens)} <span className="text-faint">/</span> {formatCount(outputTokens)}
      </>
    ),
  },
  {
    id: "cost",
    header: "Cost",
    align: "right",
    sort: "costUsd",
    cell: ({ costUsd, unpriced }) => (
      <span title={unpriced > 0 ? `without ${formatCount(unpriced)} calls whose price is unknown` : undefined}>
        <Money usd={costUsd} short />
      </span>
    ),
  },
  { id: "key", header: "Key", from: "md", cell: ({ keyName }) => keyName },
  { id: "member", header: "Member", from: "xl", cell: ({ memberName }) => memberName ?? <Absent /> },
  { id: "user", header: "End user", from: "xl", cell: ({ endUser }) => endUser ?? <Absent /> },
];
