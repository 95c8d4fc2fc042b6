import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimAny } from "../../src/spool/claim.ts";
import { spoolName, spoolNames } from "../../src/spool/name.ts";
import { segmentBase } from "../../src/spool/segment.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), "tollgate-spool-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test("a process that exits before its first write leaves its holds to the next process: the spool's id stays", async () => {
  const { dir, claim } = await claimAny(parent, 1);
  const name = await spoolName(dir, 1);
  await claim.release();
  expect(await spoolName((await claimAny(parent, 2)).dir, 2)).toBe(name);
  expect(await spoolNames(parent)).toEqual([name]);
});

test("a spool whose files were lost gets a new id, because its positions begin again", async () => {
  const { dir } = await claimAny(parent, 1);
  const name = await spoolName(dir, 1);
  for (const file of readdirSync(dir)) if (segmentBase(file) !== null) rmSync(path.join(dir, file));
  expect(await spoolName(dir, 2)).not.toBe(name);
});
