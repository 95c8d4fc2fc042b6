import { expect, test } from "vitest";
import { ChangeTurns } from "../src/change-turns.ts";
import { refusal } from "./refusal.ts";

test("two changes of an organisation run at once, the others in their order, and others' are not waited for", async () => {
  const turns = new ChangeTurns();
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const changes = gates.map(({ promise }, n) =>
    turns.within("busy", () => {
      begun.push(n);
      return promise;
    }),
  );
  await turns.within("other", async () => {});
  expect(begun).toEqual([0, 1]);
  gates[1]?.reject(new Error("refused"));
  await expect(changes[1]).rejects.toThrow("refused");
  expect(begun).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  await Promise.allSettled(changes);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

test("a change is refused with a hint when 500 wait, and the queue is free when they have ended", async () => {
  const turns = new ChangeTurns();
  const gate = Promise.withResolvers<void>();
  const changes = Array.from({ length: 502 }, () => turns.within("busy", () => gate.promise));
  const refused = await refusal(turns.within("busy", async () => {}));
  expect([refused.code, refused.message]).toEqual(["rate_limit_exceeded", expect.stringContaining("bulk operations")]);
  gate.resolve();
  await Promise.all(changes);
  await turns.within("busy", async () => {});
});
