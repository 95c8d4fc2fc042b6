"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { Gauge } from "lucide-react";
import type { Creation } from "@/components/data-table/creation.ts";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { limitAmount, limitSubject, limitWindow } from "@/lib/format-limit.ts";
import { limitActions } from "./limit-actions.tsx";
import type { LimitChoices } from "./limit-choices.ts";
import { limitRow } from "./limit-row.tsx";
import { SetLimitDialog } from "./set-limit-dialog.tsx";

interface Props {
  limits: readonly Limit[];
  /** Null for people who may not make changes. */
  choices: LimitChoices | null;
}

const creation = (choices: LimitChoices): Creation => ({
  label: "Set limit",
  dialog: (onClose) => <SetLimitDialog choices={choices} onClose={onClose} />,
});

export const LimitsList = ({ limits, choices }: Props) => (
  <ResourceTable
    label="Limits"
    rows={limits}
    rowId={({ id }) => id}
    rowName={(limit) => `the limit on ${limitSubject(limit)}`}
    columns={limitRow}
    actions={limitActions(choices !== null)}
    searchIn={(limit) =>
      [limitSubject(limit), limit.mode, limitAmount(limit.unit, limit.amount), limitWindow(limit)].join(" ")
    }
    {...(choices ? { create: creation(choices) } : {})}
    empty={{
      icon: Gauge,
      title: "No limits yet",
      text: "A monthly budget is US dollars per month. A rate limit is requests per minute. Both hold under any load.",
    }}
  />
);
