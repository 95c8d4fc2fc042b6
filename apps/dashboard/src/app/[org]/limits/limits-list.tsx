"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { Gauge } from "lucide-react";
import type { Creation } from "@/components/data-table/creation.ts";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { limitSubject } from "@/lib/format-limit.ts";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { BULK_LIMIT_ACTIONS } from "./bulk-limit-actions.tsx";
import { ImportLimitsDialog } from "./import-limits-dialog.tsx";
import { limitActions } from "./limit-actions.tsx";
import { LIMIT_FILTERS } from "./limit-filters.ts";
import { limitRow } from "./limit-row.tsx";
import { SetLimitDialog } from "./set-limit-dialog.tsx";

interface Props {
  limits: readonly Limit[];
  nextCursor: string | null;
  mayEdit: boolean;
}

const CREATE: Creation = { label: "Set limit", dialog: (onClose) => <SetLimitDialog onClose={onClose} /> };

export function LimitsList({ limits, nextCursor, mayEdit }: Props) {
  const [importing, setImporting] = useNewDialog("csv-");
  return (
    <>
      {mayEdit && importing ? <ImportLimitsDialog onClose={() => setImporting(false)} /> : null}
      <ResourceTable
        label="Limits"
        rows={limits}
        rowId={({ id }) => id}
        rowName={(limit) => `the limit on ${limitSubject(limit)}`}
        columns={limitRow}
        actions={limitActions(mayEdit)}
        filters={LIMIT_FILTERS}
        searchable
        nextCursor={nextCursor}
        {...(mayEdit ? { create: CREATE, bulk: BULK_LIMIT_ACTIONS } : {})}
        empty={{
          icon: Gauge,
          title: "No limits yet",
          text: "A monthly budget is US dollars per month. A rate limit is requests per minute. Both hold under any load.",
        }}
      />
    </>
  );
}
