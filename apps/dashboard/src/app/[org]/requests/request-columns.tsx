import type { RequestRow } from "@tollgate/control/reports/schemas";
import { Database, Repeat2, ShieldAlert } from "lucide-react";
import type { Column } from "@/components/data-table/column.ts";
import { OpenButton } from "@/components/data-table/open-button.tsx";
import { StatusBadge } from "@/components/status-badge.tsx";
import { Absent } from "@/components/ui/absent.tsx";
import { DeletedMark } from "@/components/ui/deleted-mark.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatCount, formatDuration } from "@/lib/format-count.ts";
import { RequestCost } from "./request-cost.tsx";

const Marks = ({ row }: { row: RequestRow }) => (
  <span className="flex items-center gap-1.5 text-faint [&_svg]:size-3.5">
    {row.cache === "hit" ? <Database role="img" aria-label="Served from the cache" className="text-accent" /> : null}
    {row.attemptCount > 1 ? (
      <Repeat2 role="img" aria-label={`${row.attemptCount} attempts`} className="text-warn" />
    ) : null}
    {row.guardrailHits > 0 ? <ShieldAlert role="img" aria-label="A guardrail matched" className="text-warn" /> : null}
  </span>
);

export const requestColumns = (open: (id: string) => void): readonly Column<RequestRow>[] => [
  {
    id: "at",
    header: "Time",
    className: "whitespace-nowrap sm:w-28",
    cell: (row) => (
      <OpenButton label={`Open request ${row.id}`} onOpen={() => open(row.id)}>
        <Time at={row.at} />
      </OpenButton>
    ),
  },
  {
    id: "status",
    header: "Status",
    cell: (row) => <StatusBadge status={row.status} error={row.error} />,
  },
  {
    id: "model",
    header: "Model",
    cell: (row) => (
      <div className="min-w-0 max-w-28 leading-4 sm:max-w-none">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{row.model}</span>
          <DeletedMark when={row.deleted.includes("model")} />
          <Marks row={row} />
        </span>
        <span className="block truncate text-faint text-xs">
          {row.provider ? `${row.provider} · ${row.upstreamModel}` : "not sent"}
        </span>
      </div>
    ),
  },
  {
    id: "key",
    header: "Key",
    from: "md",
    cell: (row) => (
      <span className="flex max-w-48 items-baseline">
        <span className="truncate">{row.keyName}</span>
        <DeletedMark when={row.deleted.includes("key")} kind="revoked" />
      </span>
    ),
  },
  {
    id: "team",
    header: "Team",
    from: "xl",
    cell: (row) =>
      row.teamName === null ? (
        <Absent />
      ) : (
        <>
          {row.teamName}
          <DeletedMark when={row.deleted.includes("team")} />
        </>
      ),
  },
  {
    id: "tokens",
    header: "Tokens in / out",
    from: "lg",
    align: "right",
    cell: (row) => (
      <span title={row.source === "estimated" ? "estimated" : undefined}>
        {row.source === "estimated" ? "≈ " : ""}
        {formatCount(row.inputTokens)} <span className="text-faint">/</span> {formatCount(row.outputTokens)}
      </span>
    ),
  },
  {
    id: "cost",
    header: "Cost",
    align: "right",
    cell: (row) => (
      <>
        <RequestCost request={row} className="hidden sm:inline" />
        <RequestCost request={row} short className="sm:hidden" />
      </>
    ),
  },
  {
    id: "first",
    header: "First token",
    from: "xl",
    align: "right",
    cell: (row) => (row.firstTokenMs === null ? <Absent /> : formatDuration(row.firstTokenMs)),
  },
  { id: "total", header: "Time taken", from: "sm", align: "right", cell: (row) => formatDuration(row.totalMs) },
];
