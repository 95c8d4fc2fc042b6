import { spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// A copy of the repository without its code, to which imports are added: what `verify` runs must refuse each wrong one.

const repository = path.resolve(import.meta.dirname, "../../..");
const bin = (name: string) => path.join(repository, "node_modules/.bin", name);
const plan = [
  ".biome.json",
  "packages/local/walls/usage-tables.grit",
  ".gitignore",
  "turbo.json",
  "package.json",
  "pnpm-workspace.yaml",
  "pnpm-lock.yaml",
  ...globSync("{packages,apps}/*/{package,turbo}.json", { cwd: repository }),
];

const wrongArrows: [file: string, imported: string][] = [
  ["packages/contracts/src/a.ts", "@tollgate/catalog/providers"],
  ["packages/contracts/src/b.ts", "node:fs"],
  ["packages/catalog/src/a.ts", "@tollgate/db/client"],
  ["packages/catalog/src/b.ts", "node:http"],
  ["packages/policy/src/a.ts", "@tollgate/limits/window"],
  ["packages/policy/src/b.ts", "node:net"],
  ["packages/vault/src/a.ts", "@tollgate/limits/window"],
  ["packages/dial/src/a.ts", "@tollgate/contracts/ids"],
  ["packages/dial/src/b.ts", "pg"],
  ["packages/limits/src/a.ts", "pg"],
  ["packages/limits/src/b.ts", "@tollgate/catalog/price"],
  ["packages/limits/src/memory-store.ts", "ioredis"],
  ["packages/jobs/src/a.ts", "@prisma/client"],
  ["packages/db/src/a.ts", "@tollgate/contracts/ids"],
  ["packages/control/src/a.ts", "@tollgate/proxy/ports"],
  ["packages/control/src/b.ts", "next/headers"],
  ["packages/control/src/c.ts", "react"],
  ["packages/proxy/src/a.ts", "@tollgate/control/context"],
  ["packages/proxy/src/b.ts", "next"],
  ["packages/proxy/src/stages/admit.ts", "@tollgate/db/client"],
  ["packages/proxy/src/stages/attempt.ts", "./admit.ts"],
  ["packages/proxy/src/routing/a.ts", "../stages/admit.ts"],
  ["packages/proxy/src/routing/b.ts", "../wires/openai-chat/read.ts"],
  ["packages/proxy/src/stages/meter.ts", "../wires/openai-chat/codec/codec.ts"],
  ["packages/proxy/src/pipeline.ts", "./wires/openai-chat/openai-chat.ts"],
  ["packages/proxy/src/routing/c.ts", "undici"],
  ["packages/local/src/a.ts", "@tollgate/control/open"],
  ["packages/local/src/b.ts", "@tollgate/contracts/ids"],
  ["packages/service/src/a.ts", "@tollgate/contracts/ids"],
  ["packages/testkit/src/a.ts", "@tollgate/db/client"],
  ["packages/control/src/d.ts", "@tollgate/testkit/clock"],
  ["packages/proxy/src/c.ts", "../../control/src/context.ts"],
  ["apps/worker/src/a.ts", "@tollgate/db/client"],
  ["apps/worker/src/b.ts", "@tollgate/proxy/ports"],
  ["apps/dashboard/src/lib/a.ts", "@tollgate/db/client"],
  ["apps/dashboard/src/lib/b.ts", "@tollgate/jobs/producer"],
  ["apps/dashboard/src/lib/c.ts", "ioredis"],
  ["apps/dashboard/src/lib/d.ts", "@tollgate/proxy/ports"],
];

const rightArrows: [file: string, imported: string][] = [
  ["packages/local/src/c.ts", "@tollgate/contracts/settings/read"],
  ["apps/worker/src/e.ts", "@tollgate/service/log"],
  ["packages/policy/src/c.ts", "@tollgate/contracts/limit"],
  ["packages/policy/src/d.ts", "@tollgate/catalog/price"],
  ["packages/limits/src/c.ts", "@tollgate/policy/limit-cap"],
  ["packages/dial/src/c.ts", "@tollgate/policy/host-rule"],
  ["packages/limits/src/redis-store.ts", "ioredis"],
  ["packages/proxy/src/directory/read.ts", "@tollgate/db/client"],
  ["packages/proxy/src/upstream.ts", "undici"],
  ["packages/proxy/src/index.ts", "./pipeline.ts"],
  ["packages/proxy/src/stages/route.ts", "../routing/order.ts"],
  ["packages/proxy/src/providers/a.ts", "../wires/table.ts"],
  ["packages/proxy/src/providers/b.ts", "../wires/usage/read-usage.ts"],
  ["packages/proxy/src/wires/table.ts", "./openai-chat/openai-chat.ts"],
  ["packages/control/src/e.ts", "@tollgate/db/client"],
  ["apps/worker/src/c.ts", "@tollgate/control/open"],
  ["apps/worker/src/d.ts", "@tollgate/dial/guarded-connector"],
  ["packages/proxy/src/d.ts", "@tollgate/dial/guarded-connector"],
  ["packages/control/src/f.ts", "@tollgate/dial/public-address"],
  ["apps/dashboard/src/lib/e.ts", "@tollgate/control/open"],
];

let copy = "";
const plant = (file: string, text: string) => {
  mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
  writeFileSync(path.join(copy, file), text);
};

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), "tollgate-imports-"));
  for (const file of plan) cpSync(path.join(repository, file), path.join(copy, file), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("the linter", () => {
  /** Rules broken, by file. */
  const broken = new Map<string, Set<string>>();

  beforeAll(() => {
    for (const [file, imported] of [...wrongArrows, ...rightArrows]) plant(file, `export * from "${imported}";\n`);
    plant("packages/control/src/round.ts", 'import { b } from "./about.ts";\nexport const a = () => b;\n');
    plant("packages/control/src/about.ts", 'import { a } from "./round.ts";\nexport const b = () => a;\n');
    plant("packages/control/src/types-round.ts", 'import type { B } from "./types-about.ts";\nexport type A = B;\n');
    plant("packages/control/src/types-about.ts", 'import type { A } from "./types-round.ts";\nexport type B = A[];\n');
    plant("packages/proxy/src/server.ts", "export const port = process.env.PROXY_PORT;\n");
    plant("packages/proxy/src/env.ts", "export const port = process.env.PROXY_PORT;\n");
    plant("packages/vault/src/any.ts", "export const open = (box: any) => box;\n");
    const { stdout } = spawnSync(bin("biome"), ["lint", "--reporter=json", "--max-diagnostics=none", "."], {
      cwd: copy,
      encoding: "utf8",
    });
    for (const { category, location } of JSON.parse(stdout).diagnostics) {
      const file = location.path;
      broken.set(file, (broken.get(file) ?? new Set()).add(category));
    }
  });

  test.each(wrongArrows)("refuses %s → %s", (file) => {
    expect(broken.get(file)).toContain("lint/style/noRestrictedImports");
  });

  test.each(rightArrows)("allows %s → %s", (file) => {
    expect(broken.get(file)).toBeUndefined();
  });

  test("refuses a cycle of imports, type-only ones included, the environment outside env.ts, and any", () => {
    expect(broken.get("packages/control/src/round.ts")).toContain("lint/suspicious/noImportCycles");
    expect(broken.get("packages/control/src/types-round.ts")).toContain("lint/suspicious/noImportCycles");
    expect(broken.get("packages/proxy/src/server.ts")).toContain("lint/style/noProcessEnv");
    expect(broken.get("packages/proxy/src/env.ts")).toBeUndefined();
    expect(broken.get("packages/vault/src/any.ts")).toContain("lint/suspicious/noExplicitAny");
  });
});

describe("turbo boundaries", () => {
  const boundaries = () => {
    const { status, stdout, stderr } = spawnSync(bin("turbo"), ["boundaries"], {
      cwd: copy,
      encoding: "utf8",
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
    });
    return { refused: status !== 0, output: stdout + stderr };
  };
  const depend = (room: string, on: string) => {
    const file = path.join(copy, room, "package.json");
    const before = readFileSync(file, "utf8");
    const manifest = JSON.parse(before);
    writeFileSync(
      file,
      JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, [on]: "workspace:*" } }),
    );
    return () => writeFileSync(file, before);
  };

  beforeAll(() => {
    for (const folder of globSync("{packages,apps}/*/src", { cwd: copy }))
      rmSync(path.join(copy, folder), { recursive: true });
  });

  test("accepts the imports of the real repository", () => {
    expect(boundaries()).toMatchObject({ refused: false });
  });

  test.each([
    ["packages/proxy", "@tollgate/control"],
    ["packages/contracts", "@tollgate/catalog"],
    ["packages/control", "@tollgate/proxy"],
    ["apps/worker", "@tollgate/proxy"],
    ["apps/dashboard", "@tollgate/proxy"],
  ])("refuses %s → %s although package.json declares it", (room, imported) => {
    const undo = depend(room, imported);
    plant(`${room}/src/arrow.ts`, `export * from "${imported}/anything";\n`);
    try {
      expect(boundaries()).toMatchObject({ refused: true, output: expect.stringContaining(imported) });
    } finally {
      undo();
      rmSync(path.join(copy, room, "src"), { recursive: true });
    }
  });

  test("refuses a room that package.json does not declare", () => {
    plant("packages/vault/src/arrow.ts", 'export * from "@tollgate/limits/window";\n');
    expect(boundaries()).toMatchObject({ refused: true });
  });
});

// The type check and Node resolve an import by the same `exports`: a path that they do not name is an error in both.
describe("the entry points of a package", () => {
  const resolve = createRequire(path.join(repository, "packages/proxy/package.json")).resolve;
  const exportsOf = (name: string): Record<string, string> =>
    JSON.parse(readFileSync(path.join(repository, `packages/${name}/package.json`), "utf8")).exports;

  test.each(["vault", "dial", "policy", "limits", "jobs", "db", "service", "catalog"])(
    "of %s are listed and exist",
    (name) => {
      for (const [entry, file] of Object.entries(exportsOf(name))) {
        expect(entry).not.toContain("*");
        expect(existsSync(path.join(repository, "packages", name, file)), `${name}: ${file}`).toBe(true);
      }
    },
  );

  test.each([
    "@tollgate/catalog/price-library",
    "@tollgate/db/client-key",
    "@tollgate/db/generated/client",
    "@tollgate/dial/blocked",
    "@tollgate/jobs/env",
    "@tollgate/limits/breaker",
    "@tollgate/limits/src/breaker.ts",
  ])("do not include %s", (imported) => {
    expect(() => resolve(imported)).toThrow(/not defined by "exports"/);
  });

  test("include the public modules of a package", () => {
    expect(resolve("@tollgate/limits/store")).toMatch(/limits\/src\/store\.ts$/);
  });
});
