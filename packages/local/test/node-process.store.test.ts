import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type NodeProcess, startNode } from "../src/node-process.ts";
import { isAlive } from "../src/process-end.ts";
import { eventually } from "./eventually.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), "tollgate-process-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const never = new AbortController().signal;

function processOf(script: string, rest: Partial<NodeProcess> = {}): NodeProcess {
  const file = path.join(home, `${crypto.randomUUID()}.mjs`);
  writeFileSync(file, script);
  const isHealthy: NodeProcess["isHealthy"] = (_, readOutput) => readOutput().includes("ready");
  return {
    name: "thing",
    script: file,
    cwd: home,
    env: process.env,
    logFile: `${file}.log`,
    stopMs: 300,
    isHealthy,
    ...rest,
  };
}

test("a process that ignores SIGTERM is killed at its deadline", async () => {
  const deaf = 'process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 1000);';
  const running = await startNode(processOf(deaf), never);
  await running.stop();
  expect(isAlive(running.pid)).toBe(false);
});

test("a process that ends before its deadline is not killed", async () => {
  const file = path.join(home, "finished");
  const careful = `import { writeFileSync } from "node:fs";
    process.on("SIGTERM", () => { writeFileSync(${JSON.stringify(file)}, "all"); process.exit(); });
    console.log("ready"); setInterval(() => {}, 1000);`;
  const running = await startNode(processOf(careful, { stopMs: 20_000 }), never);
  await running.stop();
  expect(() => rmSync(file)).not.toThrow();
});

test("a process that ends during its start is reported with the end of its log", async () => {
  const start = startNode(processOf('console.error("PORT is not a number"); process.exit(1);'), never);
  await expect(start).rejects.toThrow(/^thing did not start.*PORT is not a number/s);
});

test("a start that is given up leaves no process", async () => {
  const givingUp = new AbortController();
  const file = path.join(home, "pid");
  const slow = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000);`;
  const start = startNode(processOf(slow), givingUp.signal);
  const pid = await eventually(() => Number(readFileSync(file, "utf8")) || Promise.reject(new Error("not yet")));
  givingUp.abort();
  await expect(start).rejects.toThrow();
  expect(isAlive(pid)).toBe(false);
});

test("a process that reports a slow start gets more time, a silent one does not", async () => {
  const idle = "setInterval(() => {}, 1000);";
  let asked = 0;
  const running = await startNode(
    processOf(idle, { patienceMs: 100, isHealthy: () => asked > 3, isStarting: async () => ++asked > 0 }),
    never,
  );
  expect(asked).toBeGreaterThan(3);
  await running.stop();
  await expect(startNode(processOf(idle, { patienceMs: 100, isHealthy: () => false }), never)).rejects.toThrow(
    /^thing did not start/,
  );
});
