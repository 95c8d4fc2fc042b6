import { Card, CardHeader } from "@/components/ui/card.tsx";
import { DeletedMark } from "@/components/ui/deleted-mark.tsx";
import { Money } from "@/components/ui/money.tsx";
import { formatCount } from "@/lib/format-count.ts";

interface Props {
  title: string;
  /** Text of the mark: a key is revoked. */
  deleted?: "deleted" | "revoked";
  items: readonly { id: string; label: string; deleted: boolean; requests: number; costUsd: string }[];
}

/** The groups with the highest cost, each with a bar relative to the first. */
export function TopList({ title, items, deleted = "deleted" }: Props) {
  const most = Math.max(...items.map(({ costUsd }) => Number(costUsd)), 0);
  return (
    <Card>
      <CardHeader title={title} />
      {items.length === 0 ? <p className="px-4 pb-4 text-faint">Nothing in this period.</p> : null}
      <ul className="grid gap-2.5 px-4 pb-4">
        {items.map((item) => (
          <li key={item.id} className="grid gap-1">
            <div className="flex justify-between gap-4">
              <span className="flex min-w-0 items-baseline">
                <span className="truncate">{item.label}</span>
                <DeletedMark when={item.deleted} kind={deleted} />
              </span>
              <span className="flex shrink-0 gap-3 tabular-nums">
                <span className="text-faint">{formatCount(item.requests)}</span>
                <Money usd={item.costUsd} short />
              </span>
            </div>
            <div className="h-1 rounded-full bg-hover" aria-hidden>
              <div
                className="h-full rounded-full bg-chart-1"
                style={{ width: `${most === 0 ? 0 : (Number(item.costUsd) / most) * 100}%` }}
              />
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
