import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.join(import.meta.dirname, "../../..");

test.each(globSync("packages/*/package.json", { cwd: root }))("%s names its entry points", (file) => {
  const { exports = {} }: { exports?: Record<string, string> } = JSON.parse(
    readFileSync(path.join(root, file), "utf8"),
  );
  expect(Object.keys(exports)).not.toContain("./*");
  for (const target of Object.values(exports))
    expect([target, existsSync(path.join(root, path.dirname(file), target.replace("/*.ts", "")))]).toEqual([
      target,
      true,
    ]);
});
