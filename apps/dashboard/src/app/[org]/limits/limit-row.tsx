import type { Limit } from "@tollgate/control/limits/schemas";
import type { RowParts } from "@/components/data-table/row-action.ts";
import { LimitBar } from "@/components/limit-bar.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { Time } from "@/components/ui/time.tsx";
import { limitAmount, limitSubject, limitWindow } from "@/lib/format-limit.ts";
import { ActiveIncreases } from "./active-increases.tsx";
import { INCREASES } from "./limit-actions.tsx";

const MODE = {
  block: { label: "Blocks", tone: "neutral" },
  warn: { label: "Warns", tone: "warn" },
  shadow: { label: "Shadow", tone: "accent" },
} as const;

/** A limit with its bar. */
export const limitRow = (limit: Limit, { actions, select, open }: RowParts) => (
  <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 border-line border-b px-4 py-3 last:border-0 md:grid-cols-[minmax(0,15rem)_minmax(0,1fr)_auto]">
    <div className="min-w-0">
      <p className="flex items-center gap-2">
        {select}
        <span className="truncate font-medium">{limitSubject(limit)}</span>
        <Badge tone={MODE[limit.mode].tone}>{MODE[limit.mode].label}</Badge>
      </p>
      <p className="flex flex-wrap items-center gap-x-2 text-soft text-xs tabular-nums">
        {limitAmount(limit.unit, limit.amount)} {limitWindow(limit)}
        {limit.countingSince ? (
          <span className="text-warn">
            counting since <Time at={limit.countingSince} />
          </span>
        ) : null}
        <ActiveIncreases limit={limit} onOpen={() => open(INCREASES)} />
        <CopyableId id={limit.id} brief name="limit id" className="hidden text-faint md:inline-flex" />
      </p>
    </div>
    <div className="order-last col-span-2 md:order-none md:col-span-1">
      <LimitBar limit={limit} />
    </div>
    <div className="w-7">{actions}</div>
  </li>
);
