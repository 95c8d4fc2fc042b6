import { cn } from "@/lib/cn.ts";
import { formatUsd } from "@/lib/format-money.ts";

interface Props {
  price: { inputPerMillionUsd: string | null; outputPerMillionUsd: string | null; own?: boolean } | null;
}

/** US dollars per million input and output tokens, or that the price is unknown. */
export function PriceText({ price }: Props) {
  if (!price?.inputPerMillionUsd || !price.outputPerMillionUsd) {
    return (
      <span
        className="text-warn"
        title="Calls are counted, but their cost is unknown. A blocking limit in US dollars refuses them."
      >
        price unknown
      </span>
    );
  }
  return (
    <span
      className={cn("whitespace-nowrap tabular-nums", price.own && "text-accent")}
      title={`per million tokens: input / output${price.own ? ", your own price" : ""}`}
    >
      {formatUsd(price.inputPerMillionUsd)} / {formatUsd(price.outputPerMillionUsd)}
    </span>
  );
}
