import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { VERBS } from "@tollgate/control/verbs";
import { expect, test } from "vitest";

const source = path.join(import.meta.dirname, "../src");

/** Not verbs: there is no tenant, or not yet, or they only call verbs or present what a verb has returned. Control's tenant proofs try those that lead to one. */
const NO_VERBS = [
  "authorize",
  "client-address",
  "etag",
  "idempotent",
  "open",
  "openapi",
  "operator/create-organisation",
  "operator/openapi",
  "operator/quarantine",
  "operator/require-operator",
  "people/context-for-session",
  "people/context-for-token",
  "people/create-organisation",
  "people/installation-is-empty",
  "people/read-session",
  "people/session-lifetime",
  "people/sign-in",
  "people/sign-out",
  "people/sign-up",
  "people/sign-up-offer",
  "people/sign-up-policy",
  "ping-database",
  "public-error",
  "reports/exported-rows",
  "reports/spend-rows",
];

/** Actions that create their tenant. */
const FOUNDING = ["signUpAction", "createOrganisationAction"];

/** All route handlers. A new one must be added here. */
const ROUTES = [
  "[org]/models/catalogue/route.ts",
  "[org]/models/prices/route.ts",
  "[org]/pick/[kind]/route.ts",
  "[org]/requests/[id]/story/route.ts",
  "[org]/requests/feed/route.ts",
  "[org]/spend/export/route.ts",
  "api/auth/[...nextauth]/route.ts",
  "api/v1/[...path]/route.ts",
  "healthz/route.ts",
  "readyz/route.ts",
];

const files = globSync("**/*.{ts,tsx}", { cwd: source });
const read = (file: string): string => readFileSync(path.join(source, file), "utf8");
const imports = [
  ...new Set(
    files.flatMap((file) =>
      [...read(file).matchAll(/^import (?!type).*"@tollgate\/control\/(.+)";$/gm)].map(([, entry]) => entry ?? ""),
    ),
  ),
];

test("pages, actions and handlers access a tenant's data only through verbs", async () => {
  expect(imports.length).toBeGreaterThan(30);
  const strays: string[] = [];
  for (const entry of imports.filter((each) => !NO_VERBS.includes(each))) {
    const exported: unknown[] = Object.values(await import(/* @vite-ignore */ `@tollgate/control/${entry}`));
    if (!exported.every((value) => VERBS.some((verb) => verb === value))) strays.push(entry);
  }
  expect(strays).toEqual([]);
  expect(NO_VERBS.filter((entry) => !imports.includes(entry))).toEqual([]);
});

test("no route handler is unlisted", () => {
  expect(globSync("**/route.ts", { cwd: path.join(source, "app") }).toSorted()).toEqual(ROUTES);
});

test("every server action is made from a verb, or creates a tenant", () => {
  const actions = files
    .map(read)
    .filter((text) => text.startsWith('"use server";'))
    .flatMap((text) => [...text.matchAll(/^export (?:async )?(?:function|const) (\w+)(.*)$/gm)]);
  expect(actions.length).toBeGreaterThan(10);
  const others = actions.filter(([, , rest = ""]) => !rest.startsWith(" = verbAction(")).map(([, name]) => name);
  expect(others).toEqual(FOUNDING);
});
