import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { KeyPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import { freshId } from "@tollgate/testkit/fresh-id";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loadPolicy } from "../src/directory/load-policy.ts";
import { savePolicy } from "../src/directory/save-policy.ts";
import { Snapshot } from "../src/directory/snapshot.ts";
import { credential } from "./setup.ts";

let dir: string;
let file: string;
let errors: Record<string, unknown>[];
const log = { info() {}, warn() {}, error: (fields: object) => void errors.push({ ...fields }) };
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-policy-file-"));
});
beforeEach(() => {
  file = path.join(dir, `${freshId()}.json`);
  errors = [];
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const org = (own: Partial<OrgPolicy> = {}): OrgPolicy => ({
  id: freshId(),
  name: "Acme",
  slug: "acme",
  timeZone: "UTC",
  formerZones: [],
  suspended: false,
  budgetErrorStatus: 402,
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

async function saved(...orgs: [OrgPolicy, KeyPolicy[]][]): Promise<string[]> {
  const snapshot = new Snapshot();
  for (const [each, keys] of orgs) snapshot.apply(each, keys);
  await savePolicy(file, snapshot, 8);
  return (await readFile(file, "utf8")).split("\n");
}

async function load(): Promise<{ savedMs: number | null; snapshot: Snapshot }> {
  const snapshot = new Snapshot();
  return { savedMs: await loadPolicy(file, snapshot, log), snapshot };
}

test("a copy is loaded as it was saved, including amounts", async () => {
  const acme = org({ limits: [limit(9007199254740993n)] });
  const keys = Array.from({ length: 250 }, (_, at) => key(acme.id, `key${at}`));
  await saved([acme, keys]);
  const { savedMs, snapshot } = await load();
  expect([savedMs, errors]).toEqual([8, []]);
  expect([...snapshot.entries()]).toEqual([{ org: acme, keys }]);
});

test("a copy from before boxes had an origin gives each credential its origin in the copy; a newer one does not", async () => {
  const acme = org();
  const originOfCopy = async (v: number) => {
    await writeFile(file, JSON.stringify({ v, savedMs: 7, orgs: [{ org: acme, keys: [] }] }));
    const { savedMs, snapshot } = await load();
    return [savedMs, snapshot.org(acme.id)?.credentials[0]?.legacyOrigin];
  };
  expect(await originOfCopy(4)).toEqual([7, "https://api.example.com"]);
  expect(await originOfCopy(5)).toEqual([7, undefined]);
  expect(await originOfCopy(3)).toEqual([null, undefined]);
});

test.each<[string, (lines: string[]) => void, object]>([
  ["a damaged key", (lines) => lines.splice(3, 1, `${lines[3]?.slice(0, 40)}`), { field: "keys" }],
  ["a lost key", (lines) => lines.splice(3, 1), { field: "keys", reason: "1 of 2 are there" }],
  [
    "another organisation's key",
    (lines) => lines.splice(3, 1, lines[3]?.replace(/"orgId":"[^"]+"/, `"orgId":"${freshId()}"`) ?? ""),
    { field: "keys[1].orgId" },
  ],
  [
    "an amount that is none",
    (lines) => lines.splice(1, 1, lines[1]?.replace('"amount":"7"', '"amount":"many"') ?? ""),
    { field: "limits[0].amount" },
  ],
])("%s in the copy on disk leaves out its organisation alone, and the log names it", async (_name, damage, logged) => {
  const [acme, globex] = [org({ limits: [limit(7n)] }), org({ name: "Globex", slug: "globex" })];
  const lines = await saved([acme, [key(acme.id, "one"), key(acme.id, "two")]], [globex, [key(globex.id, "three")]]);
  damage(lines);
  await writeFile(file, lines.join("\n"));
  const { savedMs, snapshot } = await load();
  expect([savedMs, snapshot.orgIds(), snapshot.key("one")]).toEqual([8, [globex.id], undefined]);
  expect(snapshot.key("three")).toBeDefined();
  expect(errors).toContainEqual(expect.objectContaining({ orgId: acme.id, ...logged }));
});

test("from a truncated copy, the complete organisations are loaded", async () => {
  const [acme, globex] = [org(), org({ slug: "globex" })];
  const lines = await saved([acme, [key(acme.id, "one")]], [globex, [key(globex.id, "two")]]);
  await writeFile(file, lines.slice(0, 4).join("\n"));
  expect((await load()).snapshot.orgIds()).toEqual([acme.id]);
  await writeFile(file, "\u0000\u0000");
  expect((await load()).savedMs).toBeNull();
});

test("fields of a newer version are ignored; fields that an older version does not have get their default", async () => {
  const acme = org({ limits: [limit(7n)] });
  const [head, line] = await saved([acme, []]);
  const { org: stored } = JSON.parse(line ?? "");
  for (const { increases, ...older } of stored.limits.splice(0)) stored.limits.push({ ...older, later: increases });
  const { slug, formerZones, prices, ...older } = stored;
  await writeFile(file, `${head}\n`);
  await appendFile(
    file,
    JSON.stringify({ org: { ...older, later: { slug, formerZones, prices } }, keys: 0, later: 1 }),
  );
  const { snapshot } = await load();
  expect(errors).toEqual([]);
  expect(snapshot.org(acme.id)).toEqual({ ...acme, slug: "", limits: [{ ...acme.limits[0], increases: [] }] });
});
