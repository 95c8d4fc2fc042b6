import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const repository = path.resolve(import.meta.dirname, "../../..");
const schema = readFileSync(path.join(repository, "prisma/schema/usage.prisma"), "utf8");

/** The tables of usage and their models. What is in quarantine is not in the ledger yet. */
const TABLES = [...schema.matchAll(/^(?:model|view) (Usage\w+) \{[^}]*@@map\("(usage_\w+)"\)/gm)]
  .map(([, model = "", table = ""]) => ({ model: `u${model.slice(1)}`, table }))
  .filter(({ table }) => table !== "usage_quarantine");

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), "tollgate-walls-"));
  for (const file of [".biome.json", "packages/local/walls/usage-tables.grit"])
    cpSync(path.join(repository, file), path.join(copy, file), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true }));

/** How many places of a file with these lines the lint refuses. */
function refused(file: string, lines: readonly string[]): number {
  mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
  writeFileSync(path.join(copy, file), `${lines.join("\n")}\n`);
  const biome = path.join(repository, "node_modules/.bin/biome");
  const { stdout } = spawnSync(
    biome,
    ["lint", "--vcs-enabled=false", "--reporter=github", "--max-diagnostics=none", file],
    {
      cwd: copy,
      encoding: "utf8",
    },
  );
  return stdout.split("\n").filter((line) => line.includes("tables of usage")).length;
}

const uses = TABLES.flatMap(({ model, table }, n) => [
  `export const a${n} = \`select 1\n  from ${table} as e\`;`,
  `export const b${n} = "delete from ${table}";`,
  `export const c${n} = (tx) => tx.${model}.findMany();`,
]);

test.each([
  "packages/control/src/limits/sample.ts",
  "packages/control/src/retention/sample.ts",
  "packages/proxy/src/sample.ts",
  "apps/dashboard/src/lib/sample.ts",
])("code in %s that names a table of usage is refused", (file) => {
  expect(TABLES.length).toBeGreaterThan(12);
  expect(refused(file, uses)).toBe(uses.length);
});

test.each(["ledger", "rollups", "reports"])("code in control/src/%s may name it", (folder) => {
  expect(refused(`packages/control/src/${folder}/sample.ts`, uses)).toBe(0);
});

test("other tables, longer names and comments are not refused", () => {
  const others = ["// usage_event", "export const a = 'usage_limit usage_quarantine usage_events limit_counter';"];
  expect(refused("packages/control/src/limits/other.ts", others)).toBe(0);
});
