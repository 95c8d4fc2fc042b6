import type { RequestDetail } from "@tollgate/control/reports/schemas";
import { formatCount } from "@/lib/format-count.ts";

type Tokens = RequestDetail["tokens"];

interface Row {
  label: string;
  count: number;
  /** Counted within the class above. */
  part?: boolean;
}

const rowsOf = (tokens: Tokens): Row[] => {
  const rows: Row[] = [
    { label: "Input", count: tokens.input },
    { label: "read from the provider's cache", count: tokens.cacheRead, part: true },
    { label: "written to it, 5 minutes", count: tokens.cacheWrite5m, part: true },
    { label: "written to it, 1 hour", count: tokens.cacheWrite1h, part: true },
    { label: "audio", count: tokens.audioInput, part: true },
    { label: "images", count: tokens.imageInput, part: true },
    { label: "Output", count: tokens.output },
    { label: "reasoning", count: tokens.reasoning, part: true },
    { label: "audio out", count: tokens.audioOutput, part: true },
    { label: "images out", count: tokens.imageOutput, part: true },
    { label: "Searches", count: tokens.searches },
  ];
  return rows.filter(({ label, count }) => count > 0 || label === "Input" || label === "Output");
};

const SOURCES = {
  provider: "As the provider reported them.",
  estimated: "Estimated: the provider did not report them.",
  none: "Nothing was used.",
} as const;

export const TokenClasses = ({ tokens, source }: { tokens: Tokens; source: RequestDetail["source"] }) => (
  <div className="grid gap-1">
    <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1">
      {rowsOf(tokens).map(({ label, count, part }) => (
        <div key={label} className="col-span-2 grid grid-cols-subgrid">
          <dt className={part ? "pl-4 text-faint" : ""}>{label}</dt>
          <dd className={`text-right tabular-nums ${part ? "text-faint" : ""}`}>{formatCount(count)}</dd>
        </div>
      ))}
    </dl>
    <p className="text-faint text-xs">{SOURCES[source]}</p>
  </div>
);
