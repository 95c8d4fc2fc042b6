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
  /** The sum of two `use` columns. Units that this version does not know stay as they are in the first. */
  added: (kept: string, more: string) => string;
  /** A `use` column with the units that this version knows. */
  known: (use: string) => string;
}

const amount = (use: string, id: string): string => `(${use}->>'${id}')::numeric`;

export const unitSql = perUnits((units): UnitSql => {
  const others = units.flatMap(({ id, column }) => (column ? [] : [id]));
  const object = (of: (id: string) => string): string =>
    `nullif(jsonb_strip_nulls(jsonb_build_object(${others.map((id) => `'${id}', ${of(id)}`).join(", ")})), '{}')`;
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
    // Nearly always there is none, and counting is cheap.
    useSum: `case when count(use) > 0 then ${object((id) => `sum(${amount("use", id)})`)} end`,
    others,
    otherSums: others.map((id) => `sum(${amount("use", id)})::float8 as "${id}"`).join(", "),
    added: (kept, more) =>
      `case when ${more} is null then ${kept} else coalesce(${kept}, '{}') || ${object(
        (id) => `coalesce(${amount(kept, id)} + ${amount(more, id)}, ${amount(kept, id)}, ${amount(more, id)})`,
      )} end`,
    known: (use) => `case when ${use} is not null then ${object((id) => amount(use, id))} end`,
  };
});
