import type { Limit } from "@tollgate/control/limits/schemas";
import Link from "next/link";
import { LimitBar } from "@/components/limit-bar.tsx";
import { Card, CardHeader } from "@/components/ui/card.tsx";
import { limitAmount, limitSubject, limitWindow } from "@/lib/format-limit.ts";

export const ClosestLimits = ({ org, limits }: { org: string; limits: readonly Limit[] }) => (
  <Card>
    <CardHeader
      title="Closest to their limit"
      action={
        <Link href={`/${org}/limits`} className="text-soft text-xs underline-offset-2 hover:text-ink hover:underline">
          All limits
        </Link>
      }
    />
    {limits.length === 0 ? <p className="px-4 pb-4 text-faint">There are no limits yet.</p> : null}
    <ul className="grid gap-3.5 px-4 pb-4">
      {limits.map((limit) => (
        <li key={limit.id} className="grid gap-1.5">
          <p className="flex justify-between gap-4">
            <span className="truncate">{limitSubject(limit)}</span>
            <span className="shrink-0 text-soft text-xs tabular-nums">
              {limitAmount(limit.unit, limit.cap)} {limitWindow(limit)}
            </span>
          </p>
          <LimitBar limit={limit} />
        </li>
      ))}
    </ul>
  </Card>
);
