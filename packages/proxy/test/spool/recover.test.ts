import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLog } from "../../src/spool/log.ts";
import { readFrames } from "../../src/spool/read.ts";
import { recoverSpool } from "../../src/spool/recover.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "tollgate-spool-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = () => openLog({ dir, onWritten: () => {}, onError: () => {}, reserveBytes: 0 });

test("an interrupted call with several attempts is charged once, with the hold of its last attempt", async () => {
  const before = await open();
  const [lost, ended] = [usageEvent({ costNano: "10" }), usageEvent()];
  for (const event of [lost, ended, { ...lost, costNano: "25", heldNano: "25" }])
    await before.append({ kind: "D", id: event.id, text: JSON.stringify(event) });
  await before.append({ kind: "S", id: ended.id, text: JSON.stringify(ended) });
  await before.close();

  const after = await open();
  expect(await recoverSpool(dir, after)).toBe(1);
  const charged: unknown[] = [];
  for await (const { kind, payload } of readFrames(dir, 0, after.end))
    if (kind === "S") charged.push(JSON.parse(payload.toString()));
  await after.close();
  expect(charged).toMatchObject([
    { id: ended.id, outcome: "complete" },
    { id: lost.id, outcome: "interrupted", costNano: "25", heldNano: "25", flags: ["interrupted"] },
  ]);
});
