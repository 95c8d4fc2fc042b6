import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";

const repository = path.join(import.meta.dirname, "../../..");
const pnpm = path.join(repository, "node_modules/.bin/pnpm");

// By default pnpm installs packages before it runs a script if pnpm-workspace.yaml has changed. `npm start` runs a script to
// build the dashboard while Postgres and the migrations run from the same packages.
test("a build does not install packages while processes run from them", () => {
  const args = ["config", "get", "verifyDepsBeforeRun"];
  expect(execFileSync(pnpm, args, { cwd: repository, encoding: "utf8" }).trim()).toBe("false");
});
