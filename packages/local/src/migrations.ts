import { createHash } from "node:crypto";
import { globSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type pg from "pg";
import { repository } from "./env.ts";

const prisma = path.join(repository, "prisma");

/** Whether the database has all migrations and SQL files of this checkout. The query takes milliseconds, Prisma's CLI seconds. */
export async function isUpToDate(client: pg.Client): Promise<boolean> {
  return (await hasMigrations(client)) && (await hasSqlFiles(client));
}

async function hasMigrations(client: pg.Client): Promise<boolean> {
  const ledger = await client.query("SELECT to_regclass('_prisma_migrations') AS name");
  if (ledger.rows[0].name === null) return false;
  const { rows } = await client.query(
    "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL",
  );
  const applied = new Set(rows.map(({ name }) => name));
  const wanted = readdirSync(path.join(prisma, "migrations"), { withFileTypes: true });
  return wanted.every((entry) => !entry.isDirectory() || applied.has(entry.name));
}

/** A file that a newer version has replaced counts as applied: see prisma/sql/README.md. */
async function hasSqlFiles(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("SELECT file, array_prepend(hash, replaced) AS hashes FROM wall.applied_sql");
  const applied = new Map<string, string[]>(rows.map(({ file, hashes }) => [file, hashes]));
  const folder = path.join(prisma, "sql");
  return globSync("*/*.sql", { cwd: folder }).every((file) => {
    const hash = createHash("sha256")
      .update(readFileSync(path.join(folder, file), "utf8"))
      .digest("hex");
    return applied.get(file.replaceAll("\\", "/"))?.includes(hash);
  });
}
