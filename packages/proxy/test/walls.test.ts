import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const src = path.join(import.meta.dirname, "../src");
const files = globSync("**/*.ts", { cwd: src }).sort();
const imports = (file: string): string[] =>
  [...readFileSync(path.join(src, file), "utf8").matchAll(/from "([^"]+)"/g)].map(([, from]) =>
    from?.startsWith(".") ? path.join(path.dirname(file), from) : (from ?? ""),
  );
const importers = (pattern: RegExp): string[] =>
  files.filter((file) => imports(file).some((from) => pattern.test(from)));

test("only the pipeline imports stages, all eight, in the order of a request", () => {
  expect(importers(/^stages\//)).toEqual(["pipeline.ts"]);
  const story = readFileSync(path.join(src, "pipeline.ts"), "utf8");
  const order = ["receive", "authenticate", "parse", "route", "admit", "attempt", "meter", "record"];
  const body = story.slice(story.indexOf("export async function serve"));
  expect(
    [...body.matchAll(/(?:= |await )(\w+)\(ports, /g)]
      .map(([, stage]) => stage)
      .filter((stage) => order.includes(stage ?? "")),
  ).toEqual([...order, "record"]);
});

test("one file opens connections for calls and one for tasks, one directory the database", () => {
  expect(importers(/^undici$/)).toEqual(["tasks/guarded-get.ts", "upstream.ts"]);
  for (const file of importers(/^@tollgate\/db\//)) expect(file).toMatch(/^directory\//);
  expect(importers(/^(@tollgate\/control|next|@prisma\/|bullmq|ioredis)/)).toEqual([]);
});

test("no file asks which provider it is", () => {
  for (const file of files.filter((each) => !each.startsWith("providers/"))) {
    expect(readFileSync(path.join(src, file), "utf8"), file).not.toMatch(/provider(\.id)? ===/);
  }
});
