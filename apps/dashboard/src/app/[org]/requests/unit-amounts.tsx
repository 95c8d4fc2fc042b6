import { UNITS } from "@tollgate/catalog/units";
import type { RequestDetail } from "@tollgate/control/reports/schemas";
import { formatCount } from "@/lib/format-count.ts";

type Use = RequestDetail["use"];

interface Row {
  id: string;
  label: string;
  amount: number;
  /** Part of the unit above. */
  part?: boolean;
}

/** In the table's order: always input and output, others if they were used, then unknown units. */
const rowsOf = (use: Use): Row[] => {
  const known = UNITS.map(({ id, label, partOf }) => ({ id, label, amount: use[id] ?? 0, part: partOf !== undefined }));
  const unknown = Object.entries(use).filter(([id]) => !UNITS.some((unit) => unit.id === id));
  const rows: Row[] = [...known, ...unknown.map(([id, amount]) => ({ id, label: id, amount }))];
  return rows.filter(({ id, amount }) => amount > 0 || id === "input" || id === "output");
};

const SOURCES = {
  provider: "As the provider reported them.",
  estimated: "Estimated: the provider did not report them.",
  none: "Nothing was used.",
} as const;

export const UnitAmounts = ({ use, source }: { use: Use; source: RequestDetail["source"] }) => (
  <div className="grid gap-1">
    <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1">
      {rowsOf(use).map(({ id, label, amount, part }) => (
        <div key={id} className="col-span-2 grid grid-cols-subgrid">
          <dt className={part ? "pl-4 text-faint" : ""}>{label}</dt>
          <dd className={`text-right tabular-nums ${part ? "text-faint" : ""}`}>{formatCount(amount)}</dd>
        </div>
      ))}
    </dl>
    <p className="text-faint text-xs">{SOURCES[source]}</p>
  </div>
);
