import { openPool, type Pool } from "@tollgate/db/pool";
import type { TestDatabase } from "@tollgate/testkit/postgres";
import { afterAll } from "vitest";

export interface CountingPool {
  pool: Pool;
  /** Statements and rows that Postgres answered since the last call. */
  read(): { statements: number; rows: number };
}

/** A pool of the worker's role that counts what is read through it. */
export function countingPool(database: TestDatabase): CountingPool {
  const pool = openPool({ connectionString: database.ingestUrl });
  afterAll(() => pool.end());
  let [statements, rows] = [0, 0];
  pool.on("connect", (client) => {
    const query = client.query.bind(client) as (...values: unknown[]) => unknown;
    const counted = (answer: { rows?: unknown[] }): void => {
      statements += 1;
      rows += answer?.rows?.length ?? 0;
    };
    client.query = ((...values: unknown[]) => {
      const last = values.at(-1);
      if (typeof last !== "function")
        return (query(...values) as Promise<{ rows?: unknown[] }>).then((answer) => {
          counted(answer);
          return answer;
        });
      return query(...values.slice(0, -1), (error: unknown, answer: { rows?: unknown[] }) => {
        if (answer) counted(answer);
        (last as (...all: unknown[]) => void)(error, answer);
      });
    }) as typeof client.query;
  });
  return {
    pool,
    read() {
      const seen = { statements, rows };
      [statements, rows] = [0, 0];
      return seen;
    },
  };
}
