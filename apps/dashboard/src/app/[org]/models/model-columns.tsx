import type { Model } from "@tollgate/control/models/schemas";
import type { Column } from "@/components/data-table/column.ts";
import { Absent } from "@/components/ui/absent.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { formatCountShort } from "@/lib/format-count.ts";
import { PriceText } from "./price-text.tsx";
import { TargetDifferences } from "./target-differences.tsx";

const cacheLabel = (seconds: number): string => {
  if (seconds === 0) return "Off";
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
};

const share = (model: Model, weight: number): string => {
  const sum = model.targets.reduce((total, target) => total + target.weight, 0);
  return `${Math.round((weight / sum) * 100)}%`;
};

export const MODEL_COLUMNS: readonly Column<Model>[] = [
  {
    id: "name",
    header: "Name",
    sort: "name",
    cell: (row) => <CopyableId id={row.name} name="model name" className="text-ink text-sm" />,
  },
  {
    id: "targets",
    header: "Targets",
    cell: (row) => (
      <ul className="grid gap-1">
        {row.targets.map((target, index) => (
          <li key={target.id} className="flex min-w-0 items-baseline gap-2">
            <span className="shrink-0 text-faint text-xs tabular-nums sm:w-8 sm:text-right">
              {row.route === "weighted" ? share(row, target.weight) : `${index + 1}.`}
            </span>
            <span className="grid min-w-0 sm:flex sm:items-baseline sm:gap-2">
              <span className="sm:whitespace-nowrap">{target.credentialName}</span>
              <span className="truncate font-mono text-faint text-xs">{target.upstreamModel}</span>
              <TargetDifferences differences={target.differences} />
            </span>
          </li>
        ))}
      </ul>
    ),
  },
  {
    id: "price",
    header: "Price in / out, per M tokens",
    from: "md",
    align: "right",
    cell: (row) => (
      <ul className="grid gap-1">
        {row.targets.map((target) => (
          <li key={target.id}>
            <PriceText price={target.price} />
          </li>
        ))}
      </ul>
    ),
  },
  {
    id: "context",
    header: "Context",
    from: "lg",
    align: "right",
    cell: ({ targets }) => {
      const tokens = targets[0]?.contextTokens;
      return tokens ? formatCountShort(tokens) : <Absent />;
    },
  },
  {
    id: "cache",
    header: "Cache",
    from: "sm",
    sort: "cacheTtlSeconds",
    cell: (row) =>
      row.cacheTtlSeconds > 0 ? <Badge tone="accent">{cacheLabel(row.cacheTtlSeconds)}</Badge> : <Absent>Off</Absent>,
  },
];
