"use client";

import { UNITS } from "@tollgate/catalog/units";
import type { Sums } from "@tollgate/control/reports/schemas";
import { seriesColour } from "@/components/charts/palette.ts";
import { type Column, cellClass } from "@/components/data-table/column.ts";
import { numberColumn } from "@/components/data-table/common-columns.tsx";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { DeletedMark } from "@/components/ui/deleted-mark.tsx";
import { Money } from "@/components/ui/money.tsx";
import { formatCount, formatShare } from "@/lib/format-count.ts";

export interface SpendRow extends Sums {
  groupId: string;
  label: string;
  /** Whether it is deleted; for a key, whether it is revoked. */
  deleted: boolean;
  rank: number;
}

interface Props {
  rows: readonly SpendRow[];
  total: Sums;
  /** Name of the rows' kind: `Model`. */
  heading: string;
}

const Unpriced = ({ count }: { count: number }) =>
  count > 0 ? (
    <span className="block text-warn text-xs" title="Their price is not known, so they are not in the cost">
      + {formatCount(count)} unpriced
    </span>
  ) : null;

const columnsFor = (heading: string, total: Sums): readonly Column<SpendRow>[] => [
  {
    id: "label",
    header: heading,
    sortBy: (row) => row.label.toLowerCase(),
    cell: (row) => (
      <span className="flex items-center gap-2">
        <span aria-hidden className="size-2.5 shrink-0 rounded-sm" style={{ background: seriesColour(row.rank) }} />
        <span className="truncate font-medium">{row.label}</span>
        <DeletedMark when={row.deleted} kind={heading === "Key" ? "revoked" : "deleted"} />
      </span>
    ),
  },
  numberColumn({ id: "requests", header: "Requests", of: (row) => row.requests }),
  numberColumn({ id: "errors", header: "Errors", from: "md", of: (row) => row.errors }),
  numberColumn({ id: "hits", header: "Cache hits", from: "lg", of: (row) => row.cacheHits }),
  numberColumn({ id: "input", header: "Input tokens", from: "sm", of: (row) => row.inputTokens }),
  numberColumn({ id: "output", header: "Output tokens", from: "sm", of: (row) => row.outputTokens }),
  ...UNITS.filter(({ id }) => total.use[id]).map(({ id, label }) =>
    numberColumn<SpendRow>({ id, header: label, from: "lg", of: (row) => row.use[id] ?? 0 }),
  ),
  {
    id: "share",
    header: "Share",
    from: "lg",
    align: "right",
    cell: (row) => formatShare(Number(total.costUsd) === 0 ? 0 : Number(row.costUsd) / Number(total.costUsd)),
  },
  {
    id: "cost",
    header: "Cost",
    align: "right",
    sortBy: (row) => Number(row.costUsd),
    cell: (row) => (
      <>
        <Money usd={row.costUsd} />
        <Unpriced count={row.unpriced} />
      </>
    ),
  },
];

/** The chart's groups as rows. The totals of both are equal. */
export function SpendTable({ rows, total, heading }: Props) {
  const columns = columnsFor(heading, total);
  const sum: SpendRow = { ...total, groupId: "total", label: "Total", deleted: false, rank: 0 };
  return (
    <DataTable
      label="Spend"
      columns={columns}
      rows={rows}
      rowId={(row) => row.groupId}
      foot={
        <tr className="border-line-strong border-t bg-sunken font-medium">
          {columns.map((column) => {
            const className = `h-10 px-2 py-1.5 sm:px-3 ${cellClass(column)}`;
            return column.id === "label" ? (
              <th key={column.id} scope="row" className={className}>
                Total
              </th>
            ) : (
              <td key={column.id} className={className}>
                {column.cell(sum)}
              </td>
            );
          })}
        </tr>
      }
    />
  );
}
