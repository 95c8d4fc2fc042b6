import { formatUsd } from "@/lib/format-money.ts";

interface Props {
  price: { inputPerMillionUsd: string | null; outputPerMillionUsd: string | null } | null;
}

/** Dollars per million tokens, in and out; an unknown price says so. */
export function PriceText({ price }: Props) {
  if (!price?.inputPerMillionUsd || !price.outputPerMillionUsd) {
    return (
      <span
        className="text-warn"
        title="Calls are counted but their cost is unknown; a blocking usd limit refuses them."
      >
        price unknown
      </span>
    );
  }
  return (
    <span className="whitespace-nowrap tabular-nums" title="per million tokens: input / output">
      {formatUsd(price.inputPerMillionUsd)} / {formatUsd(price.outputPerMillionUsd)}
    </span>
  );
}
