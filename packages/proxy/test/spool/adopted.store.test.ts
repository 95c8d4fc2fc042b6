import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { segmentFile } from "../../src/spool/segment.ts";
import { kill, killAll, startDriver, startWorker } from "./processes.ts";

const INSPECT = path.join(import.meta.dirname, "../../src/spool/inspect.ts");

let database: TestDatabase;
let dir: string;
beforeEach(async () => {
  database = await testDatabase();
  dir = mkdtempSync(path.join(tmpdir(), "tollgate-spool-"));
});
afterEach(async () => {
  await killAll();
  rmSync(dir, { recursive: true, force: true });
  await database.drop();
});

const inspect = (...args: string[]): string => execFileSync(process.execPath, [INSPECT, dir, ...args]).toString();

test("a running process ships the spool of a killed process and removes it", async () => {
  const acknowledged = new Set<string>();
  const driver = (perSecond: number) =>
    startDriver({
      dir,
      databaseUrl: database.proxyUrl,
      orgId: freshId(),
      perSecond,
      onLine: (line) => line.startsWith("open ") || acknowledged.add(line),
    });
  const both = [driver(300), driver(300)];
  await waitFor(() => acknowledged.size > 200);
  expect(inspect().match(/held by {7}pid/g)).toHaveLength(2);
  await Promise.all(both.map(kill));
  expect(inspect().match(/held by {7}nobody/g)).toHaveLength(2);
  const events = inspect("--events").trim().split("\n");
  expect(events.length).toBeGreaterThanOrEqual(acknowledged.size);

  startWorker(database.ingestUrl);
  const before = [...acknowledged];
  driver(10);
  const missing = async (): Promise<string[]> => {
    const rows = await query<{ id: string }>(database.ownerUrl, "select id from usage_event");
    const ids = new Set(rows.map(({ id }) => id));
    return before.filter((id) => !ids.has(id));
  };
  await waitFor(async () => (await missing()).length === 0);
  await waitFor(() => readdirSync(dir).length === 1);
});

test("a damaged segment of an adopted spool is moved to quarantine, and the rest of the spool is removed", async () => {
  const orgId = freshId();
  await new Promise((resolve) => {
    startDriver({ dir, databaseUrl: database.proxyUrl, orgId, perSecond: 10, onLine: resolve });
  });
  startWorker(database.ingestUrl);
  const garbage = Buffer.alloc(5_000, "not a record");
  const [name, draft] = [freshId(), path.join(dir, "draft")];
  mkdirSync(draft);
  writeFileSync(segmentFile(draft, 0), garbage);
  renameSync(draft, path.join(dir, name));
  await waitFor(() => !readdirSync(dir).includes(name) && readdirSync(dir).includes("quarantine"));
  const kept = path.join(dir, "quarantine", `${name}-${path.basename(segmentFile(draft, 0))}`);
  expect(readFileSync(kept)).toEqual(garbage);
});
