import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";

const repository = path.join(import.meta.dirname, "../../..");
const pnpm = path.join(repository, "node_modules/.bin/pnpm");

// By default pnpm installs before it runs a script, when a setting of pnpm-workspace.yaml changed: `npm start` builds the
// dashboard by one, while Postgres and the migrations run from the same packages.
test("a build never installs packages under processes that run", () => {
  const args = ["config", "get", "verifyDepsBeforeRun"];
  expect(execFileSync(pnpm, args, { cwd: repository, encoding: "utf8" }).trim()).toBe("false");
});
