import { afterEach, expect, test } from "vitest";
import { type Health, watchHealth } from "../src/health.ts";

let health: Health;
afterEach(() => health.close());

function watched(parts: Record<string, () => Promise<void>>) {
  const state = { isWorking: true, isDraining: false };
  health = watchHealth({ parts, isWorking: () => state.isWorking, isDraining: () => state.isDraining });
  return state;
}
const well = async () => {};

test("ready while it takes jobs and every part answers", async () => {
  watched({ database: well, queue: well });
  await health.tick();
  expect(health.readiness()).toMatchObject({ isReady: true, body: { status: "ready", database: "ok", queue: "ok" } });
});

test("a part that does not answer is named with its reason", async () => {
  watched({ database: well, queue: async () => Promise.reject(new Error("connect ECONNREFUSED")) });
  await health.tick();
  expect(health.readiness()).toMatchObject({
    isReady: false,
    body: { status: "unhealthy", database: "ok", queue: "connect ECONNREFUSED" },
  });
});

test("not ready before it takes jobs, and while it stops", async () => {
  const state = watched({ database: well });
  state.isWorking = false;
  await health.tick();
  expect(health.readiness()).toMatchObject({ isReady: false, body: { status: "starting" } });
  state.isWorking = true;
  expect(health.readiness().isReady).toBe(true);
  state.isDraining = true;
  expect(health.readiness()).toMatchObject({ isReady: false, body: { status: "draining" } });
});

test("not ready before the first look at its parts", () => {
  watched({ database: () => new Promise(() => {}) });
  expect(health.readiness()).toMatchObject({ isReady: false, body: { status: "unhealthy", last_look_seconds: null } });
});
