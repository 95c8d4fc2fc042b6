import { readdirSync } from "node:fs";
import path from "node:path";
import type pg from "pg";
import { repository } from "./env.ts";

const folder = path.join(repository, "prisma/migrations");

/** Whether the database has had every migration of this checkout: asking takes milliseconds, Prisma's CLI seconds. */
export async function isUpToDate(client: pg.Client): Promise<boolean> {
  const ledger = await client.query("SELECT to_regclass('_prisma_migrations') AS name");
  if (ledger.rows[0].name === null) return false;
  const { rows } = await client.query(
    "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL",
  );
  const applied = new Set(rows.map(({ name }) => name));
  const wanted = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return wanted.every(({ name }) => applied.has(name));
}
