import { randomBytes } from "node:crypto";
import type { TaskInput, TaskKind } from "@tollgate/contracts/tasks";
import { waitFor } from "@tollgate/testkit/wait-for";
import { Opened } from "@tollgate/vault/opened";
import { expect, test } from "vitest";
import { Lanes } from "../../src/body/steps.ts";
import type { ClaimedTask } from "../../src/directory/task-claims.ts";
import { openTasks } from "../../src/tasks/open-tasks.ts";
import { credential, id } from "../setup.ts";

const task = (kind: TaskKind, input: object = {}): ClaimedTask => ({
  ...{ id: id(), organisation: { id: id(), slug: "acme" }, kind, input, ageMs: 0, claims: 1 },
  credential: credential("https://api.example.com/v1"),
});

const poll: TaskInput<"batch.poll"> = {
  ...{ batchId: id(), surface: "batches", providerBatchId: "b", provider: "openai", upstreamModel: "m" },
  ...{ atMs: 0, prices: [] },
};

test("providers that answer slowly about batches leave places for credential tests", async () => {
  const waiting = [...Array.from({ length: 9 }, () => task("batch.poll", poll)), task("credential.test")];
  const ended: string[] = [];
  let asked = 0;
  const tasks = openTasks({
    claims: {
      async next(kinds) {
        const at = waiting.findIndex(({ kind }) => kinds.includes(kind));
        return at === -1 ? null : (waiting.splice(at, 1)[0] ?? null);
      },
      oldestMs: async () => null,
      close: async () => {},
    },
    tools: {
      vault: { open: () => new Opened("sk-0123456789"), reseal: async () => "" },
      get: async () => ({ status: 200, beginning: "{}", body: null }),
      post: () => () => Promise.reject(new Error("not used")),
      stream: ({ signal }) => {
        asked += 1;
        return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
      lanes: new Lanes(),
      now: Date.now,
    },
    producer: { enqueue: async () => "" },
    eventKey: randomBytes(32),
    log: { info() {}, warn() {}, error() {} },
    onEnd: (kind, outcome) => void ended.push(`${kind} ${outcome}`),
    most: 8,
  });
  tasks.look();
  await waitFor(async () => ended.length > 0);
  expect(ended).toEqual(["credential.test works"]);
  expect(asked).toBe(4);
  await tasks.close();
  expect(ended.slice(1)).toEqual(Array(4).fill("batch.poll left"));
});
