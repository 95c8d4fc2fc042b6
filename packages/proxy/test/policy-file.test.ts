import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freshId } from "@tollgate/testkit/fresh-id";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadPolicy, savePolicy } from "../src/directory/policy-file.ts";
import { Snapshot } from "../src/directory/snapshot.ts";
import { credential } from "./house.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-policy-file-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const org = (baseUrl: string) => ({
  id: freshId(),
  name: "Acme",
  slug: "acme",
  timeZone: "UTC",
  formerZones: [],
  suspended: false,
  budgetErrorStatus: 402 as const,
  revision: 1,
  allow: null,
  deny: [],
  teams: [],
  models: [],
  credentials: [credential(baseUrl)],
  limits: [],
  guardrails: [],
  prices: [],
});

test("a copy from before boxes named their origin gives each credential the origin it has there; a newer one does not", async () => {
  const acme = org("https://api.example.com/v1");
  const load = async (file: string) => {
    const snapshot = new Snapshot();
    const savedMs = await loadPolicy(file, snapshot);
    return [savedMs, snapshot.org(acme.id)?.credentials[0]?.legacyOrigin];
  };
  const old = path.join(dir, "old.json");
  await writeFile(old, JSON.stringify({ v: 4, savedMs: 7, orgs: [{ org: acme, keys: [] }] }));
  expect(await load(old)).toEqual([7, "https://api.example.com"]);

  const snapshot = new Snapshot();
  snapshot.apply(acme, []);
  const fresh = path.join(dir, "fresh.json");
  await savePolicy(fresh, snapshot, 8);
  expect(await load(fresh)).toEqual([8, undefined]);
  await writeFile(old, JSON.stringify({ v: 3, savedMs: 7, orgs: [] }));
  expect(await load(old)).toEqual([null, undefined]);
});
