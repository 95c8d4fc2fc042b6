import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { adoptOthers } from "../../src/spool/adopt.ts";
import { type Claimed, claimAny } from "../../src/spool/claim.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), "tollgate-spool-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test("a spool that could not be opened is opened on the next try", async () => {
  const { claim } = await claimAny(parent, 1);
  await claim.release();
  const errors: string[] = [];
  let tries = 0;
  let adopted = 0;
  const adoption = adoptOthers({
    dir: parent,
    async open({ claim: { discard } }: Claimed) {
      if (tries++ === 0) throw new Error("no file descriptor left");
      return { status: () => ({ unacknowledgedBytes: 0 }), close: async () => {}, discard };
    },
    onAdopted: () => void adopted++,
    onRemoving: () => {},
    onError: ({ message }) => void errors.push(message),
    keptMs: 0,
  });
  await waitFor(() => adopted === 1);
  await adoption.close();
  expect(errors).toEqual(["no file descriptor left"]);
});
