import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimAny, claimDirectory } from "../../src/spool/claim.ts";

let dir: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "tollgate-claim-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(dir, { recursive: true, force: true });
});

const CLAIM = `
  const { claimDirectory } = await import(${JSON.stringify(path.join(import.meta.dirname, "../../src/spool/claim.ts"))});
  console.log((await claimDirectory(process.argv[1])) ? "mine" : "taken");
  setInterval(() => {}, 1000);`;

async function claimElsewhere(): Promise<{ child: ChildProcess; answer: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", CLAIM, dir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [answer] = await once(createInterface(child.stdout), "line");
  return { child, answer };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

test("a directory cannot be claimed while its process runs, and can be claimed as soon as it is killed", async () => {
  const { child, answer } = await claimElsewhere();
  expect(answer).toBe("mine");
  expect(await claimDirectory(dir)).toBeNull();
  await kill(child);
  expect(await claimDirectory(dir)).not.toBeNull();
});

test("of several processes that claim a free directory at once, exactly one gets it", async () => {
  const first = await claimElsewhere();
  await kill(first.child);
  const answers = await Promise.all(Array.from({ length: 5 }, claimElsewhere));
  expect(answers.map(({ answer }) => answer).sort()).toEqual(["mine", "taken", "taken", "taken", "taken"]);
});

test("a released directory can be claimed again by the same process", async () => {
  for (let time = 0; time < 3; time += 1) {
    const claim = await claimDirectory(dir);
    expect(claim).not.toBeNull();
    expect(await claimDirectory(dir)).toBeNull();
    await claim?.release();
  }
});

test("concurrent claims each get their own spool", async () => {
  const claimed = await Promise.all(Array.from({ length: 12 }, () => claimAny(dir, Date.now())));
  expect(new Set(claimed.map((each) => each.dir)).size).toBe(12);
});
