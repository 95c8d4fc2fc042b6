import type { Pool, PoolClient } from "@tollgate/db/pool";
import type { Sql } from "@tollgate/db/query";

/** Runs an SQL fragment that was built for Prisma on a plain pool or client. */
export const runSql = async <Row extends object>(on: Pool | PoolClient, { text, values }: Sql): Promise<Row[]> =>
  (await on.query<Row>({ text, values: [...values] })).rows;
