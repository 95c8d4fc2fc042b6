"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { Gauge, Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { LimitBar } from "@/components/limit-bar.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { limitAmount, limitSubject, limitWindow } from "@/lib/format-limit.ts";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { ActiveIncreases } from "./active-increases.tsx";
import { DeleteLimitDialog } from "./delete-limit-dialog.tsx";
import { EditLimitDialog } from "./edit-limit-dialog.tsx";
import { IncreasesDialog } from "./increases-dialog.tsx";
import { type LimitAction, LimitMenu } from "./limit-menu.tsx";
import { RaiseLimitDialog } from "./raise-limit-dialog.tsx";

interface Props {
  limits: readonly Limit[];
  mayEdit: boolean;
}

/** By id, so that a dialog shows the limit as it is now. */
type Open = { what: LimitAction; id: string } | null;

const MODE = {
  block: { label: "Blocks", tone: "neutral" },
  warn: { label: "Warns", tone: "warn" },
  shadow: { label: "Shadow", tone: "accent" },
} as const;

interface RowProps {
  limit: Limit;
  menu: ReactNode;
  onIncreases: () => void;
}

function LimitRow({ limit, menu, onIncreases }: RowProps) {
  const mode = MODE[limit.mode];
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 border-line border-b px-4 py-3 last:border-0 md:grid-cols-[minmax(0,15rem)_minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{limitSubject(limit)}</span>
          <Badge tone={mode.tone}>{mode.label}</Badge>
        </p>
        <p className="flex flex-wrap items-center gap-x-2 text-soft text-xs tabular-nums">
          {limitAmount(limit.unit, limit.amount)} {limitWindow(limit)}
          <ActiveIncreases limit={limit} onOpen={onIncreases} />
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

interface DialogProps {
  what: LimitAction;
  limit: Limit;
  mayEdit: boolean;
  onClose: () => void;
}

function OpenDialog({ what, mayEdit, ...dialog }: DialogProps) {
  if (what === "edit") return <EditLimitDialog {...dialog} />;
  if (what === "raise") return <RaiseLimitDialog {...dialog} />;
  if (what === "increases") return <IncreasesDialog {...dialog} mayEdit={mayEdit} />;
  return <DeleteLimitDialog {...dialog} />;
}

export function LimitsList({ limits, mayEdit }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const [, setAdding] = useNewDialog();
  const limit = limits.find(({ id }) => id === open?.id);
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
              menu={<LimitMenu limit={limit} mayEdit={mayEdit} onSelect={(what) => setOpen({ what, id: limit.id })} />}
              onIncreases={() => setOpen({ what: "increases", id: limit.id })}
            />
          ))}
        </ul>
      </Card>
      {open && limit ? (
        <OpenDialog what={open.what} limit={limit} mayEdit={mayEdit} onClose={() => setOpen(null)} />
      ) : null}
    </>
  );
}
