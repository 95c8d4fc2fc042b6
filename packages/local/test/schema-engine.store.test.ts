import { execFile } from "node:child_process";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../src/ports.ts";
import { type Postgres, startPostgres, withDatabase } from "../src/postgres.ts";

// Prisma's CLI with the engine of prisma/engine. The HTTP proxy settings are invalid: any download would fail.

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, "../../..");
const migrations = globSync("prisma/migrations/*/migration.sql", { cwd: repository });

let home = "";
let server: Postgres;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "tollgate-engine-"));
  server = await startPostgres({
    dir: path.join(home, "pg"),
    port: await freePort(),
    password: "secret",
    durable: false,
  });
});
afterAll(async () => {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

async function prisma(url: string, args: string[]): Promise<string> {
  const nowhere = "http://127.0.0.1:9";
  const env = { ...process.env, DATABASE_URL: url, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere };
  const program = path.join(repository, "node_modules/.bin/prisma");
  const command = [...args, "--config", "prisma/prisma.config.ts"];
  const { stdout, stderr } = await run(program, command, { cwd: repository, env });
  return stdout + stderr;
}

const together = () => withDatabase(server.url, "together");

async function ask(connectionString: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

test("concurrent deploys create the database and apply each migration once", async () => {
  await Promise.all(["a", "b", "c"].map(() => prisma(together(), ["migrate", "deploy"])));
  const applied = await ask(together(), "select migration_name from _prisma_migrations where finished_at is not null");
  expect(applied).toHaveLength(migrations.length);
  expect(await prisma(together(), ["migrate", "status"])).toContain("up to date");
});

test("the migrations produce exactly the schema", async () => {
  const diff = [
    "migrate",
    "diff",
    "--from-migrations",
    "prisma/migrations",
    "--to-schema",
    "prisma/schema",
    "--exit-code",
  ];
  expect(await prisma(together(), diff)).toContain("No difference detected");
  const shadows = await ask(server.url, "select datname from pg_database where datname like 'prisma_migrate_shadow%'");
  expect(shadows).toEqual([]);
});

test("a function with semicolons in its body is applied completely", async () => {
  const script = path.join(home, "function.sql");
  writeFileSync(
    script,
    "CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END; $$; SELECT two();",
  );
  await prisma(together(), ["db", "execute", "--file", script]);
  expect(await ask(together(), "select two()")).toEqual([{ two: 2 }]);
});

test("a refused login and an unreachable server give clear errors", async () => {
  const stranger = new URL(server.url);
  stranger.password = "guess";
  await expect(prisma(stranger.href, ["migrate", "deploy"])).rejects.toThrow("P1000");
  const elsewhere = new URL(server.url);
  elsewhere.port = String(await freePort());
  await expect(prisma(elsewhere.href, ["migrate", "deploy"])).rejects.toThrow("P1001");
});
