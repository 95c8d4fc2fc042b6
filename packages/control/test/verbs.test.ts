import { readdirSync } from "node:fs";
import path from "node:path";
import { VERBS } from "@tollgate/control/verbs";
import { expect, test } from "vitest";
import { z } from "zod";

const source = path.join(import.meta.dirname, "../src");

test("no two verbs share a name or a route", () => {
  const names = VERBS.map(({ verb }) => verb);
  const routes = VERBS.flatMap(({ http }) => ("path" in http ? [`${http.method} ${http.path}`] : []));
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(routes).size).toBe(routes.length);
});

test.each(VERBS.map((verb) => [verb.verb, verb] as const))(
  "%s accepts the parameters of its path",
  (_, { http, input }) => {
    const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "throw" });
    const named = "path" in http ? [...http.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name) : [];
    expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining(named));
  },
);

test.each(VERBS.map((verb) => [verb.verb, verb] as const))(
  "%s refuses fields it does not know, at any depth",
  (_, verb) => {
    const loose: string[] = [];
    const walk = (at: string, schema: z.core.JSONSchema._JSONSchema): void => {
      if (typeof schema === "boolean") return;
      if (schema.type === "object" && schema.additionalProperties !== false) loose.push(at);
      for (const [name, field] of Object.entries(schema.properties ?? {})) walk(`${at}.${name}`, field);
      for (const part of [...(schema.anyOf ?? []), ...(schema.allOf ?? [])]) walk(at, part);
      if (schema.items && !Array.isArray(schema.items)) walk(`${at}[]`, schema.items);
    };
    walk("input", z.toJSONSchema(verb.input, { io: "input" }));
    expect(loose).toEqual([]);
  },
);

test("every file of a verb is in the table", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const verbs = files.filter((file) => file.includes("/"));
  return Promise.all(
    verbs.map(async (file) => {
      const exported: unknown[] = Object.values(await import(path.join(source, file)));
      const strays = exported.filter((value) => typeof value === "function" && "verb" in value);
      expect(VERBS).toEqual(expect.arrayContaining(strays));
    }),
  );
});
