import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { KeyPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import { freshId } from "@tollgate/testkit/fresh-id";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { CopiedOrg } from "../../src/directory/copy/copy-lines.ts";
import { loadCopy } from "../../src/directory/copy/load-copy.ts";
import { loadOldCopy } from "../../src/directory/copy/load-old-copy.ts";
import { type KeptKey, PolicyCopy } from "../../src/directory/copy/policy-copy.ts";
import { credential } from "../setup.ts";

const BEHIND = freshId();
const NOW_MS = 1_800_000_000_000;
const POSITION = { horizon: 40n, seen: new Map(), last: { revision: "7", transaction: 39n } };
let root: string;
let dir: string;
let errors: Record<string, unknown>[];
const log = { info() {}, warn() {}, error: (fields: object) => void errors.push({ ...fields }) };
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tollgate-policy-copy-"));
});
beforeEach(() => {
  dir = path.join(root, freshId());
  errors = [];
});
afterAll(() => rm(root, { recursive: true, force: true }));

const org = (own: Partial<OrgPolicy> = {}): OrgPolicy => ({
  id: freshId(),
  name: "Acme",
  slug: "acme",
  timeZone: "UTC",
  formerZones: [],
  suspended: false,
  budgetErrorStatus: 402,
  directModels: false,
  keepsResponses: true,
  revision: 1,
  allow: null,
  deny: [],
  teams: [],
  models: [],
  credentials: [credential("https://api.example.com/v1")],
  limits: [],
  guardrails: [],
  prices: [],
  ...own,
});

const key = (orgId: string, publicId: string): KeyPolicy => ({
  id: freshId(),
  orgId,
  publicId,
  name: "A key",
  kind: "live",
  teamId: null,
  memberId: null,
  memberRole: null,
  costCentre: null,
  memberCostCentre: null,
  state: "active",
  expiresAtMs: null,
  secrets: [{ hash: "ab", notAfterMs: null }],
  allow: null,
  deny: [],
});

const limit = (amount: bigint): OrgPolicy["limits"][number] => ({
  id: freshId(),
  scope: "organisation",
  subject: null,
  subjectName: null,
  unit: "usd",
  window: "month",
  anchorMs: null,
  amount,
  increases: [{ amount, untilMs: 5 }],
  mode: "block",
  thresholds: [80],
  onStoreDown: "refuse",
});

interface Kept {
  org: OrgPolicy;
  keys: KeyPolicy[];
}

/** Writes a copy as the process `name` would, and gives the path of an organisation's file. */
async function saved(name: string, savedMs: number, ...kept: Kept[]): Promise<(orgId: string) => string> {
  const folder = path.join(dir, name);
  const keys = new Map<string, KeptKey>(
    kept.flatMap(({ keys }) => keys.map((each) => [each.publicId, { key: each, usedMs: NOW_MS }] as const)),
  );
  const copy = new PolicyCopy({
    folder,
    log,
    now: () => NOW_MS,
    mayWrite: () => true,
    current: () => ({ savedMs, position: POSITION, behind: new Map([[BEHIND, 5]]) }),
    org: (orgId) => kept.find(({ org }) => org.id === orgId)?.org,
    key: (publicId) => keys.get(publicId),
    keys: () => keys,
  });
  for (const { org, keys } of kept) {
    copy.orgChanged(org.id);
    for (const { publicId } of keys) copy.keyChanged(org.id, publicId);
  }
  await copy.save();
  return (orgId) => path.join(folder, `${orgId}.jsonl`);
}

async function load() {
  const copied = new Map<string, CopiedOrg>();
  const state = await loadCopy(dir, log, (each) => void copied.set(each.org.id, each));
  const keysOf = (orgId: string) => [...(copied.get(orgId)?.keys.keys() ?? [])];
  return { state, copied, keysOf };
}

async function edit(file: string, change: (lines: string[]) => void): Promise<void> {
  const lines = (await readFile(file, "utf8")).split("\n");
  change(lines);
  await writeFile(file, lines.join("\n"));
}

test("limits of scopes that earlier versions do not know are in a list that those ignore", async () => {
  const limits = [limit(1n), { ...limit(2n), scope: "run" as const }, { ...limit(3n), scope: "cost_centre" as const }];
  const acme = org({ limits });
  const file = await saved("one", 8, { org: acme, keys: [] });
  const [line = ""] = (await readFile(file(acme.id), "utf8")).split("\n");
  const stored = JSON.parse(line).org;
  expect(stored.limits).toMatchObject([{ scope: "organisation" }]);
  expect(stored.scopedLimits).toMatchObject([{ scope: "run" }, { scope: "cost_centre" }]);
  expect((await load()).copied.get(acme.id)?.org).toEqual(acme);
});

test("a copy is loaded as it was saved, including amounts", async () => {
  const acme = org({ limits: [limit(9007199254740993n)] });
  const keys = Array.from({ length: 250 }, (_, at) => key(acme.id, `key${at}`));
  await saved("one", 8, { org: acme, keys });
  const { state, copied } = await load();
  expect([state, errors]).toEqual([{ savedMs: 8, position: POSITION, behind: new Map([[BEHIND, 5]]) }, []]);
  expect(copied.get(acme.id)?.org).toEqual(acme);
  expect([...(copied.get(acme.id)?.keys.values() ?? [])]).toEqual(keys.map((each) => ({ key: each, usedMs: NOW_MS })));
});

test.each<[string, (lines: string[]) => void, object]>([
  ["a damaged key", (lines) => lines.splice(2, 1, `${lines[2]?.slice(0, 40)}`), { line: 3 }],
  [
    "another organisation's key",
    (lines) => lines.splice(2, 1, lines[2]?.replace(/"orgId":"[^"]+"/, `"orgId":"${freshId()}"`) ?? ""),
    { line: 3, field: "keys.orgId" },
  ],
  ["a line that was cut off", (lines) => lines.splice(2, 2, `${lines[2]?.slice(0, 90)}`), { line: 3 }],
])("%s in the copy on disk is left out alone, and the log names the line", async (_name, damage, logged) => {
  const [acme, globex] = [org(), org({ slug: "globex" })];
  const fileOf = await saved(
    "one",
    8,
    { org: acme, keys: [key(acme.id, "one"), key(acme.id, "two")] },
    { org: globex, keys: [key(globex.id, "three")] },
  );
  await edit(fileOf(acme.id), damage);
  const { keysOf } = await load();
  expect([keysOf(acme.id), keysOf(globex.id)]).toEqual([["one"], ["three"]]);
  expect(errors).toEqual([expect.objectContaining({ orgId: acme.id, ...logged })]);
});

test("an organisation whose policy is damaged is left out with its keys, and the log names the field", async () => {
  const [acme, globex] = [org({ limits: [limit(7n)] }), org({ slug: "globex" })];
  const fileOf = await saved("one", 8, { org: acme, keys: [key(acme.id, "one")] }, { org: globex, keys: [] });
  await edit(fileOf(acme.id), (lines) =>
    lines.splice(0, 1, lines[0]?.replace('"amount":"7"', '"amount":"many"') ?? ""),
  );
  await writeFile(path.join(dir, "one", `${freshId()}.jsonl`), "\u0000\u0000");
  const { copied } = await load();
  expect([...copied.keys()]).toEqual([globex.id]);
  expect(errors).toContainEqual(expect.objectContaining({ orgId: acme.id, field: "limits[0].amount" }));
});

test("a folder without a readable head is not used, because its age is unknown", async () => {
  const acme = org();
  await saved("one", 8, { org: acme, keys: [] });
  await writeFile(path.join(dir, "one", "head.json"), "{");
  expect(await load()).toMatchObject({ state: null, copied: new Map() });
  await rm(path.join(dir, "one", "head.json"));
  expect((await load()).state).toBeNull();
});

test("the copies of several processes are put together; one that fell behind is not used, and goes after a week", async () => {
  const acme = org();
  const kept = (name: string): Kept => ({ org: acme, keys: [key(acme.id, name)] });
  await saved("one", NOW_MS, kept("one"));
  await saved("two", NOW_MS - 30_000, kept("two"));
  await saved("three", NOW_MS - 90_000, kept("three"));
  await saved("four", NOW_MS - 8 * 86_400_000, kept("four"));
  const keys = new Set<string>();
  await loadCopy(dir, log, (copied) => {
    for (const publicId of copied.keys.keys()) keys.add(publicId);
  });
  expect([...keys].toSorted()).toEqual(["one", "two"]);
  await expect(readFile(path.join(dir, "three", "head.json"))).resolves.toBeDefined();
  await expect(readFile(path.join(dir, "four", "head.json"))).rejects.toThrow("ENOENT");
});

test("fields of a newer version are ignored; fields that an older version does not have get their default", async () => {
  const acme = org({ limits: [limit(7n)] });
  const fileOf = await saved("one", 8, { org: acme, keys: [] });
  await edit(fileOf(acme.id), (lines) => {
    const { org: stored } = JSON.parse(lines[0] ?? "");
    for (const { increases, ...older } of stored.limits.splice(0)) stored.limits.push({ ...older, later: increases });
    const { slug, formerZones, prices, ...older } = stored;
    lines.splice(0, 1, JSON.stringify({ org: { ...older, later: { slug, formerZones, prices } }, later: 1 }));
  });
  const { copied } = await load();
  expect(errors).toEqual([]);
  expect(copied.get(acme.id)?.org).toEqual({ ...acme, slug: "", limits: [{ ...acme.limits[0], increases: [] }] });
});

test("the copy that the version before wrote is read", async () => {
  const acme = org();
  const file = path.join(root, `${freshId()}.json`);
  const lines = [{ v: 6, savedMs: 5 }, { org: acme, keys: 1 }, { key: key(acme.id, "one") }];
  await writeFile(file, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n{"key`);
  const copied: CopiedOrg[] = [];
  expect(await loadOldCopy(file, log, (each) => void copied.push(each))).toBe(5);
  expect(copied).toEqual([{ org: acme, keys: new Map([["one", expect.objectContaining({ usedMs: 5 })]]) }]);
  expect(errors).toHaveLength(1);
});
