import type { Context } from "@tollgate/control/context";
import { withTenant } from "@tollgate/db/with-tenant";
import { expect } from "vitest";
import { bendSql, type Statement } from "../tenants/sql-seam.ts";
import type { TestSetup } from "../test-setup.ts";

interface Plan {
  "Node Type": string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: Plan[];
}

/** Rows that the scans of a plan have read, including those that a filter removed. */
function rowsRead(plan: Plan): number {
  const below = (plan.Plans ?? []).map(rowsRead).reduce((sum, rows) => sum + rows, 0);
  if (!plan["Node Type"].includes("Scan")) return below;
  return below + (plan["Actual Rows"] + (plan["Rows Removed by Filter"] ?? 0)) * plan["Actual Loops"];
}

/** Rows that the statements of a call read from tables, by `explain analyze` of each. */
export async function rowsReadBy(setup: TestSetup, owner: Context, call: () => Promise<unknown>): Promise<number> {
  const asked: Statement[] = [];
  const undo = bendSql((statement) => {
    if (/^\s*(select|set local)/i.test(statement.text) && !/enter_session|advisory/.test(statement.text))
      asked.push(statement);
    return statement;
  });
  await call().finally(undo);
  let rows = 0;
  await withTenant(setup.services.db, owner.proof, async (tx) => {
    for (const { text, values } of asked) {
      if (/^\s*set/i.test(text)) {
        await tx.$executeRawUnsafe(text);
        continue;
      }
      const [explained] = await tx.$queryRawUnsafe<{ "QUERY PLAN": { Plan: Plan }[] }[]>(
        `explain (analyze, format json) ${text}`,
        ...values,
      );
      rows += explained ? rowsRead(explained["QUERY PLAN"][0]?.Plan ?? expect.unreachable()) : 0;
    }
  });
  return rows;
}
