import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PostgresFacts, postgresFaults } from "../src/check/postgres-faults.ts";
import { freePort } from "../src/ports.ts";
import { type Postgres, startPostgres, withDatabase } from "../src/postgres.ts";

const main = path.join(import.meta.dirname, "../src/main.ts");

let home = "";
let postgres: Postgres;
beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "tollgate-check-"));
  const options = { dir: path.join(home, "postgres"), port: await freePort(), password: "owner", durable: false };
  postgres = await startPostgres(options);
  await owner(
    "CREATE ROLE plain LOGIN PASSWORD 'plain'",
    "CREATE ROLE maker LOGIN CREATEROLE PASSWORD 'maker'",
    "CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'",
  );
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(home, { recursive: true, force: true });
});

async function owner(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

const url = (database: string, role?: string): string => {
  const there = new URL(withDatabase(postgres.url, database));
  if (role) [there.username, there.password] = [role, role];
  return there.href;
};

async function check(env: Record<string, string>): Promise<{ code: number; lines: string[]; output: string }> {
  const none = { DATABASE_URL: "", REDIS_URL: "" };
  const child = spawn(process.execPath, [main, "check"], { env: { ...process.env, ...none, ...env } });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code, output, lines: errors.split("\n").filter(Boolean) };
}

const refused = async (databaseUrl: string): Promise<string[]> => {
  const { code, lines } = await check({ DATABASE_URL: databaseUrl });
  expect(code).toBe(1);
  return lines;
};

test("usable stores pass, a misspelt setting gives a warning", async () => {
  const { code, output } = await check({ DATABASE_URL: url("postgres"), TOLLGATE_SPOOL_DRI: "/spool" });
  expect(code).toBe(0);
  expect(output).toMatch(/Postgres \d+\.\d+, database postgres: good\./);
  expect(output).toContain("Did you mean TOLLGATE_SPOOL_DIR?");
});

test("a missing database passes if the role may create it, and is not created", async () => {
  expect(await check({ DATABASE_URL: url("not_there") })).toMatchObject({ code: 0 });
  expect(await refused(url("not_there", "maker"))).toEqual([
    "tollgate: DATABASE_URL: there is no database not_there, and maker may not create it.",
  ]);
});

test("a role that may not create roles or schemas gets one line for each missing right", async () => {
  expect(await refused(url("postgres", "plain"))).toEqual([
    "tollgate: DATABASE_URL: the role plain may not create roles: ALTER ROLE plain CREATEROLE.",
    "tollgate: DATABASE_URL: plain may not create schemas in postgres: make it the database's owner.",
  ]);
});

test("a database that is not in UTF8 is refused", async () => {
  expect(await refused(url("bytes"))).toEqual([
    "tollgate: DATABASE_URL: the database bytes has the encoding SQL_ASCII: create one with ENCODING 'UTF8'.",
  ]);
});

test("a wrong password and a missing URL give one line each, without the password", async () => {
  const wrong = url("postgres", "plain").replace(":plain@", ":hunter2@");
  const lines = await refused(wrong);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^tollgate: DATABASE_URL does not answer at 127\.0\.0\.1:\d+: /);
  expect(lines[0]).not.toContain("hunter2");
  expect(await refused("")).toEqual([
    "tollgate: DATABASE_URL is not set: expected the postgresql:// URL of the database's owner.",
  ]);
});

test("a Redis that does not answer is refused too", async () => {
  const port = await freePort();
  const { code, lines } = await check({ DATABASE_URL: url("postgres"), REDIS_URL: `redis://127.0.0.1:${port}` });
  expect(code).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(/^tollgate: REDIS_URL: no Redis answers at 127\.0\.0\.1:\d+ \(.*\)\.$/),
  ]);
});

const redisMissing = spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status !== 0;

test.skipIf(redisMissing)("a Redis that may evict keys is refused", async () => {
  const port = String(await freePort());
  const args = [
    "--port",
    port,
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--dir",
    home,
    "--maxmemory-policy",
    "allkeys-lru",
  ];
  const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of server.stdout) if (String(line).includes("Ready to accept connections")) break;
  const { lines } = await check({ DATABASE_URL: url("postgres"), REDIS_URL: `redis://127.0.0.1:${port}` });
  server.kill("SIGKILL");
  expect(lines).toEqual([expect.stringContaining("has maxmemory-policy allkeys-lru")]);
});

const good: PostgresFacts = {
  versionNumber: 150_004,
  version: "15.4",
  role: "me",
  canMakeRoles: true,
  isStandby: false,
  database: "tollgate",
  isThere: true,
  canMake: true,
  encoding: "UTF8",
};

test.each<[Partial<PostgresFacts>, string[]]>([
  [{}, []],
  [
    { versionNumber: 140_023, version: "14.23", canMakeRoles: false },
    ["DATABASE_URL: this is Postgres 14.23; 15 or newer is needed."],
  ],
  [{ isStandby: true }, ["DATABASE_URL: this server is a read-only standby: use the primary."]],
])("a server that reports %j", (facts, faults) => {
  expect(postgresFaults({ ...good, ...facts })).toEqual(faults);
});
