import { perUnits } from "@tollgate/catalog/units";

/** SQL for the units of a table. Names of units and columns are constants of the program. */
export interface UnitSql {
  /** Columns of the ledger that roll-ups count. */
  columns: readonly string[];
  /** The sum of each roll-up's column, over lines. Units that share a roll-up column are added. */
  sums: Readonly<Record<string, string>>;
  /** The sum of the `use` of all rows, as JSON; null when there is none. */
  useSum: string;
  /** Units that have no column in the ledger, and columns `"<unit>"` with their sums over the `use` of all rows. */
  others: readonly string[];
  otherSums: string;
  /** The sum of two `use` columns. */
  added: (kept: string, more: string) => string;
}

/** SQL of a query: the amounts of each unit added, as JSON. `from` has rows `amount (key, value)`. */
const totals = (from: string): string => `select jsonb_object_agg(key, total) from (
  select amount.key, sum(amount.value::numeric) as total from ${from} group by 1) as totals`;

const amount = (use: string, id: string): string => `(${use}->>'${id}')::numeric`;

export const unitSql = perUnits((units): UnitSql => {
  const others = units.flatMap(({ id, column }) => (column ? [] : [id]));
  const summed = Map.groupBy(
    units.flatMap(({ column, rollUp }) => (column && rollUp ? [{ column, rollUp }] : [])),
    ({ rollUp }) => rollUp,
  );
  const sums = [...summed].map(([rollUp, parts]) => {
    const [first, ...more] = parts.map(({ column }) => column);
    return [rollUp, `sum(${[more.length > 0 ? `${first}::bigint` : first, ...more].join(" + ")})`];
  });
  return {
    columns: [...summed.values()].flatMap((parts) => parts.map(({ column }) => column)),
    sums: Object.fromEntries(sums),
    // Nearly always there is none, so one cheap aggregate finds that out. Units that this version does not know count too.
    useSum: `case when array_agg(use) filter (where use is not null) is not null then (${totals(
      "unnest(array_agg(use) filter (where use is not null)) as one, jsonb_each(one) as amount",
    )}) end`,
    others,
    otherSums: others.map((id) => `sum(${amount("use", id)})::float8 as "${id}"`).join(", "),
    added: (kept, more) =>
      `case when ${more} is null then ${kept} when ${kept} is null then ${more} else (${totals(
        `(select * from jsonb_each(${kept}) union all select * from jsonb_each(${more})) as amount`,
      )}) end`,
  };
});
