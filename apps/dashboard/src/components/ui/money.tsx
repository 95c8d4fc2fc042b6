import { cn } from "@/lib/cn.ts";
import { formatUsd, formatUsdShort } from "@/lib/format-money.ts";

interface Props {
  /** Exact decimal dollars. Null means an unknown price, which is not zero. */
  usd: string | null;
  short?: boolean;
  className?: string;
}

export const Money = ({ usd, short, className }: Props) =>
  usd === null ? (
    <span className={cn("text-warn", className)} title="The price of this model is not known, so its cost is not known">
      unpriced
    </span>
  ) : (
    <span className={cn("tabular-nums", className)} title={short ? formatUsd(usd) : undefined}>
      {short ? formatUsdShort(usd) : formatUsd(usd)}
    </span>
  );
