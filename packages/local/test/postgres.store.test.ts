import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../src/ports.ts";
import { type Postgres, startPostgres, withDatabase } from "../src/postgres.ts";
import { isAlive } from "../src/process-end.ts";
import { eventually } from "./eventually.ts";

let home = "";
let started: Postgres[] = [];

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "tollgate-postgres-"));
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((server) => server.stop()));
  rmSync(home, { recursive: true, force: true });
});

async function start(): Promise<Postgres> {
  const options = { dir: path.join(home, "cluster"), port: await freePort(), password: "p@ss w/rd", durable: false };
  const server = await startPostgres(options);
  started.push(server);
  return server;
}

async function ask(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

test("it answers in UTC, as its owner, only with the password", async () => {
  const { url } = await start();
  expect(await ask(url, "select current_user as me, current_setting('timezone') as zone")).toEqual([
    { me: "tollgate", zone: "UTC" },
  ]);
  const guess = new URL(url);
  guess.password = "guess";
  await expect(ask(guess.href, "select 1")).rejects.toThrow(/password authentication failed/);
});

test("data survives a stop and a kill", async () => {
  const first = await start();
  await ask(first.url, "create database kept");
  await ask(withDatabase(first.url, "kept"), "create table thing (name text)", "insert into thing values ('one')");
  await first.stop();
  const second = await start();
  expect(await ask(withDatabase(second.url, "kept"), "select name from thing")).toEqual([{ name: "one" }]);
  process.kill(second.pid, "SIGKILL");
  await second.ended;
  const third = await eventually(start);
  expect(await ask(withDatabase(third.url, "kept"), "select name from thing")).toEqual([{ name: "one" }]);
});

test("a server that was left on the cluster is ended", async () => {
  const left = await start();
  const next = await start();
  expect(isAlive(left.pid)).toBe(false);
  expect(await ask(next.url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("it ends when the process that started it is killed", async () => {
  const module = path.resolve(import.meta.dirname, "../src/postgres.ts");
  const options = { dir: path.join(home, "cluster"), port: await freePort(), password: "secret", durable: false };
  const script = `const { startPostgres } = await import(${JSON.stringify(module)});
    console.log((await startPostgres(${JSON.stringify(options)})).pid);
    setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = await once(starter.stdout.setEncoding("utf8"), "data");
  const server = Number(output);
  expect(isAlive(server)).toBe(true);
  starter.kill("SIGKILL");
  await eventually(() => !isAlive(server) || Promise.reject(new Error("still there")));
});
