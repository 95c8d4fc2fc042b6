import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/client.ts";
import type { Listener } from "../src/listen.ts";
import { openPool, type Pool } from "../src/pool.ts";
import { type Tx, withTenant } from "../src/with-tenant.ts";
import {
  at,
  atMs,
  credentialId,
  fillDirectory,
  guardrailId,
  keyId,
  limitId,
  modelId,
  priceId,
  targetId,
  teamId,
} from "./directory-sample.ts";
import { policyListener } from "./policy-listener.ts";
import { type TestTenant, testTenant } from "./tenant.ts";

let tenant: TestTenant;
let orgId: string;
let memberId: string;
let database: TestDatabase;
let db: Database;
let proxy: Pool;
let listener: Listener;
const payloads: string[] = [];

const inTenant = <T>(work: (tx: Tx) => Promise<T>) => withTenant(db, tenant.proof, work);

beforeAll(async () => {
  database = await testDatabase();
  db = openDatabase({ connectionString: database.controlUrl });
  proxy = openPool({ connectionString: database.proxyUrl });
  tenant = await testTenant(database, "acme", "Acme");
  ({ orgId, memberId } = tenant);
  await inTenant((tx) => fillDirectory(tx, orgId, memberId));
  listener = await policyListener(database.proxyUrl, (payload) => payloads.push(payload));
});

afterAll(async () => {
  await listener.close();
  await proxy.end();
  await db.close();
  await database.drop();
});

describe("the directory gives the proxy", () => {
  test("an organisation's policy as one document, amounts as text", async () => {
    const { rows } = await proxy.query("SELECT * FROM directory_policy WHERE org_id = $1", [orgId]);
    const revision = Number(rows[0].revision);
    expect(rows).toEqual([{ org_id: orgId, revision: String(revision), policy: expect.anything() }]);
    expect(rows[0].policy).toEqual({
      id: orgId,
      name: "Acme",
      slug: expect.any(String),
      timeZone: "UTC",
      formerZones: [{ timeZone: "Asia/Tokyo", untilMs: atMs }],
      suspended: false,
      budgetErrorStatus: 402,
      directModels: false,
      keepsResponses: true,
      allow: ["gpt-*"],
      deny: ["gpt-4"],
      revision,
      teams: [{ id: teamId, name: "Research", allow: null, deny: ["x"], costCentre: null }],
      models: [
        {
          id: modelId,
          name: "fast",
          route: "priority",
          cacheTtlSeconds: 60,
          maxOutputTokens: null,
          timeouts: null,
          fallsBackOnRefusal: false,
          targets: [{ id: targetId, credentialId, upstreamModel: "gpt-mini", priority: 0, weight: 3 }],
        },
      ],
      credentials: [{ id: credentialId, name: "Main", provider: "openai", baseUrl: "https://a", sealed: "c2Vh" }],
      limits: [
        {
          id: limitId,
          scope: "team",
          subject: teamId,
          subjectName: "Research",
          unit: "usd",
          window: "total",
          anchorMs: atMs,
          amount: "1152921504606846976",
          increases: [],
          mode: "block",
          thresholds: [80],
          onStoreDown: "allow",
        },
      ],
      // Proxies of earlier versions ignore this list, so they can read the others.
      scopedLimits: ["run", "end_user", "cost_centre"].map((scope) => ({
        id: expect.any(String),
        scope,
        subject: null,
        subjectName: null,
        unit: "requests",
        window: "total",
        anchorMs: null,
        amount: "5",
        increases: [],
        mode: "block",
        thresholds: [],
        onStoreDown: "allow",
      })),
      guardrails: [
        {
          id: guardrailId,
          name: "Words",
          stage: "input",
          kind: "keyword",
          patterns: ["apollo"],
          action: "block",
          mode: "on",
          onFailure: "closed",
        },
      ],
      prices: [
        {
          provider: "openai",
          upstreamModel: "gpt-mini",
          fromMs: atMs,
          inputPerMillion: "0.5",
          outputPerMillion: "2",
          version: `own:${priceId}`,
        },
      ],
    });
  });

  test("a key with its member's role and its secrets", async () => {
    const { rows } = await proxy.query("SELECT * FROM directory_key");
    const secrets = [{ hash: "ab".repeat(32), notAfterMs: atMs }];
    const key = {
      id: keyId,
      orgId,
      publicId: "0123456789",
      name: "CI",
      kind: "live",
      teamId,
      memberId,
      memberRole: "admin",
      memberCostCentre: null,
      costCentre: null,
      state: "active",
      allow: null,
      deny: [],
      expiresAtMs: atMs,
      secrets,
    };
    expect(rows).toEqual([{ org_id: orgId, public_id: "0123456789", key }]);
  });

  test("open counters and the spools' cursors", async () => {
    const { rows } = await proxy.query("SELECT * FROM directory_limit_counter");
    const counter = {
      org_id: orgId,
      limit_id: limitId,
      subject: teamId,
      window_start: at,
      settled: "1234567890123456789012",
    };
    expect(rows).toEqual([counter]);
    const spoolId = freshId();
    await query(
      database.ingestUrl,
      `INSERT INTO spool_cursor (spool_id, position) VALUES ('${spoolId}', 9007199254740993)`,
    );
    const cursors = await proxy.query("SELECT * FROM directory_spool_cursor");
    expect(cursors.rows).toEqual([{ spool_id: spoolId, position: "9007199254740993", pending: [] }]);
  });

  test("nothing that was deleted, and no table", async () => {
    const gone = freshId();
    await inTenant((tx) => tx.model.create({ data: { id: gone, orgId, name: "gone", deletedAt: at } }));
    const { rows } = await proxy.query("SELECT policy->'models' AS models FROM directory_policy");
    expect(rows[0].models.map(({ name }: { name: string }) => name)).toEqual(["fast"]);
    for (const table of ["organisation", "virtual_key", "credential", "usage_event", "app_user"]) {
      await expect(proxy.query(`SELECT FROM ${table}`)).rejects.toThrow(/permission denied/);
    }
    await expect(proxy.query("UPDATE directory_revision SET revision = 1")).rejects.toThrow(/permission denied/);
  });
});

describe("a policy change increases the revision and sends a notification", () => {
  const revision = async (): Promise<bigint> => {
    const { rows } = await proxy.query("SELECT revision FROM directory_revision WHERE org_id = $1", [orgId]);
    return BigInt(rows[0].revision);
  };

  const newestRevision = async (): Promise<string> => {
    const { rows } = await proxy.query("SELECT revision FROM directory_newest");
    return rows[0].revision;
  };

  const changes: [string, (tx: Tx) => Promise<unknown>][] = [
    ["organisation", (tx) => tx.organisation.update({ where: { id: orgId }, data: { suspended: true } })],
    ["team", (tx) => tx.team.update({ where: { id: teamId }, data: { allow: [] } })],
    ["team made", (tx) => tx.team.create({ data: { id: freshId(), orgId, name: "New" } })],
    ["team deleted", (tx) => tx.team.deleteMany({ where: { name: "New" } })],
    ["membership", (tx) => tx.membership.update({ where: { id: memberId }, data: { role: "developer" } })],
    ["credential", (tx) => tx.credential.update({ where: { id: credentialId }, data: { sealed: "bmV3" } })],
    ["model", (tx) => tx.model.update({ where: { id: modelId }, data: { route: "weighted" } })],
    ["target", (tx) => tx.target.update({ where: { id: targetId }, data: { weight: 9 } })],
    ["key revoked", (tx) => tx.virtualKey.update({ where: { id: keyId }, data: { state: "revoked" } })],
    ["secret", (tx) => tx.keySecret.updateMany({ data: { notAfter: null } })],
    ["limit", (tx) => tx.limit.update({ where: { id: limitId }, data: { amount: 1n } })],
    ["guardrail", (tx) => tx.guardrail.update({ where: { id: guardrailId }, data: { mode: "shadow" } })],
    ["targets that go with their model", (tx) => tx.model.delete({ where: { id: modelId } })],
    ["secrets that go with their key", (tx) => tx.virtualKey.delete({ where: { id: keyId } })],
  ];

  test.each(changes)("%s", async (_, change) => {
    const [before, newest] = [await revision(), await newestRevision()];
    payloads.length = 0;
    await inTenant(change);
    expect(await revision()).toBeGreaterThan(before);
    expect(await newestRevision()).not.toBe(newest);
    await waitFor(() => payloads.length > 0);
    expect(payloads.join()).toMatch(/^\d+$/);
  });

  test("not for the last use of a key, a change to the same value or a rollback", async () => {
    const id = freshId();
    await inTenant((tx) =>
      tx.virtualKey.create({ data: { id, orgId, publicId: "9876543210", name: "Used", lastFour: "" } }),
    );
    const before = await revision();
    await query(database.ingestUrl, `UPDATE virtual_key SET last_used_at = now() WHERE id = '${id}'`);
    await inTenant((tx) => tx.team.updateMany({ data: { name: "Research" } }));
    await inTenant(async (tx) => {
      await tx.team.update({ where: { id: teamId }, data: { name: "Undone" } });
      throw new Error("undo");
    }).catch(() => {});
    expect(await revision()).toBe(before);
  });

  test("and the revision never decreases", async () => {
    const before = await revision();
    await inTenant((tx) => tx.organisation.update({ where: { id: orgId }, data: { revision: 1n } }));
    await query(database.ownerUrl, `UPDATE organisation SET revision = 0 WHERE id = '${orgId}'`);
    expect(await revision()).toBe(before + 2n);
  });
});
