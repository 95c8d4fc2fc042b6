import type { Pool, PoolClient } from "@tollgate/db/pool";
import type { Sql } from "@tollgate/db/query";

/** Runs a fragment that verbs build for Prisma where there is only a pool. */
export const runSql = async <Row extends object>(on: Pool | PoolClient, { text, values }: Sql): Promise<Row[]> =>
  (await on.query<Row>({ text, values: [...values] })).rows;
