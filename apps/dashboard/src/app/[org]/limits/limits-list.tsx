"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { Gauge, Pencil, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { LimitBar } from "@/components/limit-bar.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { MenuItem } from "@/components/ui/menu.tsx";
import { RowMenu } from "@/components/ui/row-menu.tsx";
import { limitAmount, limitSubject, limitWindow } from "@/lib/format-limit.ts";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { DeleteLimitDialog } from "./delete-limit-dialog.tsx";
import { EditLimitDialog } from "./edit-limit-dialog.tsx";

interface Props {
  limits: readonly Limit[];
  mayEdit: boolean;
}

type Open = { what: "edit" | "delete"; limit: Limit } | null;

const MODE = {
  block: { label: "Blocks", tone: "neutral" },
  warn: { label: "Warns", tone: "warn" },
  shadow: { label: "Shadow", tone: "accent" },
} as const;

function LimitRow({ limit, menu }: { limit: Limit; menu: ReactNode }) {
  const mode = MODE[limit.mode];
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 border-line border-b px-4 py-3 last:border-0 md:grid-cols-[minmax(0,15rem)_minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{limitSubject(limit)}</span>
          <Badge tone={mode.tone}>{mode.label}</Badge>
        </p>
        <p className="flex items-center gap-2 text-soft text-xs tabular-nums">
          {limitAmount(limit.unit, limit.amount)} {limitWindow(limit)}
          <CopyableId id={limit.id} brief name="limit id" className="hidden text-faint md:inline-flex" />
        </p>
      </div>
      <div className="order-last col-span-2 md:order-none md:col-span-1">
        <LimitBar limit={limit} />
      </div>
      <div className="w-7">{menu}</div>
    </li>
  );
}

export function LimitsList({ limits, mayEdit }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const [, setAdding] = useNewDialog();
  if (limits.length === 0) {
    return (
      <EmptyState
        icon={Gauge}
        title="Nothing is limited yet"
        action={
          mayEdit ? (
            <Button look="primary" onClick={() => setAdding(true)}>
              <Plus aria-hidden />
              Set limit
            </Button>
          ) : null
        }
      >
        A monthly budget is US dollars per month; a rate limit is requests per minute. Both hold under any load.
      </EmptyState>
    );
  }
  return (
    <>
      <Card>
        <ul aria-label="Limits">
          {limits.map((limit) => (
            <LimitRow
              key={limit.id}
              limit={limit}
              menu={
                mayEdit ? (
                  <RowMenu label={`the limit on ${limitSubject(limit)}`}>
                    <MenuItem onSelect={() => setOpen({ what: "edit", limit })}>
                      <Pencil aria-hidden />
                      Edit
                    </MenuItem>
                    <MenuItem danger onSelect={() => setOpen({ what: "delete", limit })}>
                      <Trash2 aria-hidden />
                      Delete
                    </MenuItem>
                  </RowMenu>
                ) : null
              }
            />
          ))}
        </ul>
      </Card>
      {open?.what === "edit" ? <EditLimitDialog limit={open.limit} onClose={() => setOpen(null)} /> : null}
      {open?.what === "delete" ? <DeleteLimitDialog limit={open.limit} onClose={() => setOpen(null)} /> : null}
    </>
  );
}
