"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { Gauge } from "lucide-react";
import type { Creation } from "@/components/data-table/creation.ts";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { limitSubject } from "@/lib/format-limit.ts";
import { limitActions } from "./limit-actions.tsx";
import { limitRow } from "./limit-row.tsx";
import { SetLimitDialog } from "./set-limit-dialog.tsx";

interface Props {
  limits: readonly Limit[];
  mayEdit: boolean;
}

const CREATE: Creation = { label: "Set limit", dialog: (onClose) => <SetLimitDialog onClose={onClose} /> };

export const LimitsList = ({ limits, mayEdit }: Props) => (
  <ResourceTable
    label="Limits"
    rows={limits}
    rowId={({ id }) => id}
    rowName={(limit) => `the limit on ${limitSubject(limit)}`}
    columns={limitRow}
    actions={limitActions(mayEdit)}
    {...(mayEdit ? { create: CREATE } : {})}
    empty={{
      icon: Gauge,
      title: "No limits yet",
      text: "A monthly budget is US dollars per month. A rate limit is requests per minute. Both hold under any load.",
    }}
  />
);
