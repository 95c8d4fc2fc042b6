import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../src/ports.ts";
import { type Postgres, startPostgres, withDatabase } from "../src/postgres.ts";
import type { Ready } from "../src/ready.ts";
import { freePorts, readyIn, startInstallation } from "./start-installation.ts";

const redisThere = spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;

describe("an empty installation on an external Postgres and Redis", () => {
  let home = "";
  let database: Postgres;
  let installation: ReturnType<typeof startInstallation>;
  let ready: Ready;
  const ends: (() => unknown)[] = [];

  beforeAll(async () => {
    home = mkdtempSync(path.join(tmpdir(), "tollgate-own-"));
    database = await startPostgres({
      dir: path.join(home, "theirs"),
      port: await freePort(),
      password: "theirs",
      durable: false,
    });
    ends.push(() => database.stop());
    const dataDir = path.join(home, "data");
    const env = {
      ...(await freePorts()),
      TOLLGATE_DATA_DIR: dataDir,
      DATABASE_URL: withDatabase(database.url, "gate"),
      REDIS_URL: redisThere ? await redis() : undefined,
    };
    installation = startInstallation(env, ["--empty"]);
    ends.push(async () => {
      installation.process.kill("SIGTERM");
      await installation.ended;
    });
    const ended = installation.ended.then(() => Promise.reject(new Error(installation.output.text)));
    ready = await Promise.race([readyIn(dataDir), ended]);
  }, 430_000);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
    rmSync(home, { recursive: true, force: true });
  });

  async function redis(): Promise<string> {
    const port = String(await freePort());
    const server = spawn("redis-server", ["--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", home], {
      stdio: "ignore",
    });
    await once(server, "spawn");
    ends.push(() => server.kill("SIGKILL"));
    return `redis://127.0.0.1:${port}`;
  }

  test("starts no embedded Postgres", () => {
    expect(existsSync(path.join(home, "data/postgres"))).toBe(false);
    expect(installation.output.text).not.toContain("postgres is up");
  });

  test("migrates the external one and gives each role its own login", async () => {
    const client = new pg.Client({ connectionString: withDatabase(database.url, "gate") });
    await client.connect();
    const { rows } = await client.query(
      "select rolname, rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname like 'tollgate\\_%' order by 1",
    );
    await client.end();
    const role = (rolname: string, rolcanlogin: boolean) => ({
      rolname,
      rolcanlogin,
      rolsuper: false,
      rolbypassrls: false,
    });
    expect(rows).toEqual([
      role("tollgate_control", true),
      role("tollgate_directory", false),
      role("tollgate_ingest", true),
      role("tollgate_proxy", true),
      role("tollgate_wall", false),
    ]);
  });

  test("has no users yet, and lets the first person sign up", async () => {
    expect(ready).not.toHaveProperty("demoKey");
    expect(ready).not.toHaveProperty("users");
    expect(installation.output.text).toContain(`${ready.dashboardUrl}/sign-up`);
    const page = await fetch(`${ready.dashboardUrl}/sign-up`);
    expect(page.status).toBe(200);
    expect(page.url).toBe(`${ready.dashboardUrl}/sign-up`);
  });
});
