import { query } from "@tollgate/testkit/cluster";
import { type Figure, ms, printFigure } from "./figure.ts";
import { type Cost, measure, type Target } from "./measure.ts";
import type { Operation } from "./operation.ts";
import { changeOperations } from "./operations/changes.ts";
import { listOperations } from "./operations/lists.ts";
import { reportOperations } from "./operations/reports.ts";
import { requestOperations } from "./operations/requests.ts";
import { allRows } from "./rows-read.ts";

const OPERATIONS: readonly Operation[] = [
  ...listOperations,
  ...reportOperations,
  ...requestOperations,
  ...changeOperations,
];

const kb = (bytes: number): string => `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;

/** The tables of which an operation reads most rows. */
const most = ({ rows }: Cost): string =>
  [...rows]
    .slice(0, 3)
    .map(([table, read]) => `${table} ${read}`)
    .join(", ");

function figureOf({ name, bound }: Operation, cost: Cost): Figure {
  const isMet = cost.medianMs <= bound.ms && cost.bytes <= (bound.bytes ?? Number.POSITIVE_INFINITY);
  return {
    name,
    rows: allRows(cost.rows),
    median: ms(cost.medianMs),
    p95: ms(cost.p95Ms),
    cpu: ms(cost.cpuMs),
    size: kb(cost.bytes),
    mib: cost.mib,
    bound: `${bound.ms} ms${bound.bytes ? `, ${kb(bound.bytes)}` : ""}`,
    isMet,
    note: isMet ? undefined : most(cost),
  };
}

/** Deletes the limits that the measurement has set. The job would fill their counters before the next one. */
const deleteLimits = (ownerUrl: string, since: Date): Promise<unknown> =>
  query(ownerUrl, `delete from usage_limit where filling is not null and created_at >= '${since.toISOString()}'`);

/** Measures the operations whose names contain `only`. One that fails is a line, too. */
export async function measureVerbs(target: Target, serverPid: number, only: string): Promise<void> {
  const since = new Date();
  for (const operation of OPERATIONS.filter(({ name }) => name.includes(only))) {
    const figure = await measure(target, operation, serverPid).then(
      (cost) => figureOf(operation, cost),
      (error: unknown) => ({
        name: operation.name,
        bound: `${operation.bound.ms} ms`,
        isMet: false,
        note: String(error),
      }),
    );
    printFigure(figure);
  }
  await deleteLimits(target.ownerUrl, since);
}
