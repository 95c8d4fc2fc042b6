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

test("ready while it takes jobs and all parts answer", async () => {
  watched({ database: well, queue: well });
  await health.tick();
  expect(health.readiness()).toMatchObject({ isReady: true, body: { status: "ready", database: "ok", queue: "ok" } });
});

test("not ready names the part that does not answer, with the reason", async () => {
  watched({ database: well, queue: async () => Promise.reject(new Error("connect ECONNREFUSED")) });
  await health.tick();
  expect(health.readiness()).toMatchObject({
    isReady: false,
    body: { status: "unhealthy", database: "ok", queue: "connect ECONNREFUSED" },
  });
});

test("not ready before it takes jobs, and during shutdown", async () => {
  const state = watched({ database: well });
  state.isWorking = false;
  await health.tick();
  expect(health.readiness()).toMatchObject({ isReady: false, body: { status: "starting" } });
  state.isWorking = true;
  expect(health.readiness().isReady).toBe(true);
  state.isDraining = true;
  expect(health.readiness()).toMatchObject({ isReady: false, body: { status: "draining" } });
});

test("not ready before the first check of its parts", () => {
  watched({ database: () => new Promise(() => {}) });
  expect(health.readiness()).toMatchObject({ isReady: false, body: { status: "unhealthy", last_look_seconds: null } });
});
