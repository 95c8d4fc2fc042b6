import { isSignedTask, signTask } from "@tollgate/vault/task-mac";
import { expect, test } from "vitest";

const key = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);
const report = { orgId: "org", taskId: "task", kind: "credential.test", result: '{"outcome":"works"}' };
const signed = { ...report, mac: signTask(key, report) };

test("a report that one of the valid keys signed is accepted", () => {
  expect(isSignedTask([key], signed)).toBe(true);
  expect(isSignedTask([other, key], signed)).toBe(true);
});

test("a report that another key signed, or that was changed, is refused", () => {
  expect(isSignedTask([other], signed)).toBe(false);
  expect(isSignedTask([], signed)).toBe(false);
  for (const field of ["orgId", "taskId", "kind", "result"] as const)
    expect(isSignedTask([key], { ...signed, [field]: `${signed[field]} ` }), field).toBe(false);
  for (const mac of ["", "AAAA", signed.mac.slice(1), `${signed.mac}AAAA`])
    expect(isSignedTask([key], { ...signed, mac }), mac).toBe(false);
});
