import { readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { applySqlFile } from "./apply-sql-file.mjs";
import { readDatabaseUrl } from "./database-url.mjs";
import { readSqlFiles } from "./sql-files.mjs";

const quoted = pg.escapeIdentifier;
const prismaFolder = path.join(import.meta.dirname, "..");

const ATTEMPTS_MAX = 200;
/** A lock was not free in time, or another session changed the same catalogue row. The transaction is rolled back and retried. */
const RETRIED = new Set(["55P03", "40P01", "57014"]);
const isRetried = ({ code, message }) => RETRIED.has(code) || (code === "XX000" && /concurrently/.test(message));

/**
 * Makes views, policies and their functions equal to prisma/sql in one transaction: applies the files whose text differs from
 * the text applied last. Safe under traffic, concurrently with other processes, and through a pooler in transaction mode.
 * @returns the files that were applied
 */
export async function reapplySql(url, { folder = path.join(prismaFolder, "sql") } = {}) {
  const { connection, schema } = readDatabaseUrl(url);
  // A pooler accepts no start-up options.
  const client = new pg.Client({ ...connection, options: undefined });
  client.on("error", () => {}); // a running query then rejects with the error
  await client.connect();
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query("BEGIN");
        const applied = await applyChanged(client, schema, folder);
        await client.query("COMMIT");
        return applied;
      } catch (error) {
        await client.query("ROLLBACK");
        if (!isRetried(error) || attempt === ATTEMPTS_MAX) throw error;
        await pause(200 + Math.random() * 300);
      }
    }
  } finally {
    await client.end();
  }
}

async function applyChanged(client, schema, folder) {
  await client.query(`SELECT set_config('search_path', $1, true)`, [schema]);
  await client.query("SELECT pg_advisory_xact_lock(hashtext('tollgate.applied_sql'))");
  const changed = await changedFiles(client, readSqlFiles(folder));
  // From here on, no other session waits longer than this for our locks.
  await client.query("SET LOCAL lock_timeout = '500ms'; SET LOCAL statement_timeout = '2s'");
  const tables = changed.filter(({ kind }) => kind === "policies").map(({ name }) => `ONLY ${quoted(name)}`);
  if (tables.length > 0) await client.query(`LOCK TABLE ${tables.join(", ")} IN ACCESS EXCLUSIVE MODE`);
  await client.query("SET LOCAL statement_timeout = 0");
  for (const file of changed) {
    try {
      await applySqlFile(client, file);
    } catch (error) {
      error.message = `prisma/sql/${file.file}: ${error.message}`;
      throw error;
    }
    await client.query(
      `INSERT INTO wall.applied_sql AS a (file, hash) VALUES ($1, $2)
       ON CONFLICT (file) DO UPDATE
       SET hash = excluded.hash, replaced = (a.hash || a.replaced)[1:50], applied_at = now()`,
      [file.file, file.hash],
    );
  }
  return changed.map(({ file }) => file);
}

/** None if a newer version has migrated, and no file whose text was replaced before. */
async function changedFiles(client, files) {
  const { rows: here } = await client.query("SELECT to_regclass('wall.applied_sql') IS NOT NULL AS here");
  if (!here[0].here || (await isNewer(client))) return [];
  const { rows } = await client.query("SELECT file, hash, replaced FROM wall.applied_sql");
  const applied = new Map(rows.map((row) => [row.file, row]));
  return files.filter(({ file, hash }) => {
    const row = applied.get(file);
    return row?.hash !== hash && !row?.replaced.includes(hash);
  });
}

async function isNewer(client) {
  const known = readdirSync(path.join(prismaFolder, "migrations"));
  const { rows } = await client.query(
    "SELECT 1 FROM _prisma_migrations WHERE finished_at IS NOT NULL AND migration_name <> ALL ($1) LIMIT 1",
    [known],
  );
  return rows.length > 0;
}
