import { createHash } from "node:crypto";
import type { OrgPolicy } from "@tollgate/contracts/grant";
import { freshId } from "@tollgate/testkit/fresh-id";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, expect, test } from "vitest";
import { createResealer, type Resealer } from "../src/reseal-credentials.ts";
import { credential } from "./house.ts";

const legacy = (sealed: string) => ({
  ...credential("https://api.example.com/v1", { sealed }),
  legacyOrigin: "https://api.example.com",
});
const policy = (id: string, credentials: OrgPolicy["credentials"]) => ({ id, credentials }) as OrgPolicy;

let resealer: Resealer | undefined;
afterEach(() => resealer?.close());

function open(enqueue: (payload: object) => Promise<string>, repeatMs: number): Resealer {
  resealer = createResealer({
    vault: { reseal: async (_orgId, { sealed }) => `new ${sealed}` },
    producer: { enqueue: (_name, payload) => enqueue(payload) },
    log: { info() {}, warn() {}, error() {} },
    repeatMs,
  });
  return resealer;
}

test("older boxes are sealed again once, and sent again until the new one is read back", async () => {
  const sent: object[] = [];
  let isDown = true;
  const { look } = open(async (payload) => {
    if (isDown) throw new Error("connect ECONNREFUSED");
    sent.push(payload);
    return "1";
  }, 20);
  const [orgId, old, bound] = [freshId(), legacy("old"), credential("https://api.example.com")];
  look(policy(orgId, [old, bound]));
  isDown = false;
  await waitFor(() => sent.length >= 2);
  const oldBoxHash = createHash("sha256").update("old").digest("hex");
  expect(new Set(sent.map((each) => JSON.stringify(each)))).toEqual(
    new Set([JSON.stringify({ orgId, credentialId: old.id, oldBoxHash, box: "new old" })]),
  );
  const { legacyOrigin: _, ...again } = old;
  look(policy(orgId, [{ ...again, sealed: "new old" }, bound]));
  const other = legacy("another");
  look(policy(orgId, [other]));
  const before = sent.length;
  await waitFor(() => sent.length >= before + 2);
  expect(sent.slice(before + 1)).not.toContainEqual(expect.objectContaining({ credentialId: old.id }));
});

test("policy read again and again sends a box once, while it is on its way", async () => {
  const sent: object[] = [];
  const { look } = open(async (payload) => String(sent.push(payload)), 3_600_000);
  const [orgId, one, two] = [freshId(), legacy("one"), legacy("two")];
  for (let time = 0; time < 5; time++) look(policy(orgId, [one]));
  look(policy(orgId, [one, two]));
  await waitFor(() => sent.length >= 2);
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toHaveLength(2);
});
