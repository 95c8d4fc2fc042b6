import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/client.ts";
import { enterPassword, newOrganisation, newPerson, passwordSalt } from "../src/proofs.ts";
import { NotAdmitted, type Proof, type Tx, withScope, withTenant } from "../src/with-tenant.ts";
import { type TestTenant, testTenant } from "./tenant.ts";

let database: Database;
let made: TestDatabase;
let a: TestTenant;
let b: TestTenant;

beforeAll(async () => {
  made = await testDatabase();
  database = openDatabase({ connectionString: made.controlUrl });
  a = await testTenant(made, "ada");
  b = await testTenant(made, "bob");
  const addTeam = ({ proof, orgId }: TestTenant, name: string) =>
    withTenant(database, proof, (tx) => tx.team.create({ data: { id: freshId(), orgId, name } }));
  await addTeam(a, "Research");
  await addTeam(b, "Sales");
});

afterAll(async () => {
  await database.close();
  await made.drop();
});

const PEOPLE = { select: { name: true } } as const;

describe("withTenant", () => {
  test("sees only its own rows in every query", async () => {
    const seen = await withTenant(database, a.proof, async (tx) => ({
      teams: await tx.team.findMany({ select: { name: true } }),
      organisations: await tx.organisation.findMany({ select: { slug: true } }),
      people: await tx.user.findMany(PEOPLE),
      foreign: await tx.team.findMany({ where: { orgId: b.orgId } }),
    }));
    expect(seen).toEqual({
      teams: [{ name: "Research" }],
      organisations: [{ slug: "ada" }],
      people: [{ name: "ada" }],
      foreign: [],
    });
  });

  test("cannot write into another tenant", async () => {
    const intrude = withTenant(database, a.proof, (tx) =>
      tx.team.create({ data: { id: freshId(), orgId: b.orgId, name: "Trojan" } }),
    );
    await expect(intrude).rejects.toThrow(/row-level security/);
    const changed = await withTenant(database, a.proof, (tx) => tx.team.updateMany({ data: { name: "Renamed" } }));
    expect(changed.count).toBe(1);
    const [theirs] = await withTenant(database, b.proof, (tx) => tx.team.findMany());
    expect(theirs?.name).toBe("Sales");
  });

  test("leaves no state on the connection", async () => {
    const single = openDatabase({ connectionString: made.controlUrl, max: 1 });
    await withTenant(single, a.proof, (tx) => tx.team.findMany());
    const [row] = await withScope(
      single,
      {},
      (tx) => tx.$queryRaw<{ org: string }[]>`
      select current_setting('app.org_id', true) as org`,
    );
    expect(row?.org).toBe("");
    await single.close();
  });

  test("rolls back when the work throws", async () => {
    const failing = withTenant(database, a.proof, async (tx) => {
      await tx.team.create({ data: { id: freshId(), orgId: a.orgId, name: "Half done" } });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await withTenant(database, a.proof, (tx) => tx.team.count({ where: { name: "Half done" } }))).toBe(0);
  });

  test("does not change instants", async () => {
    const at = new Date("2026-03-29T01:30:00.123Z");
    const id = freshId();
    const data = { id, orgId: a.orgId, name: "Time", createdAt: at };
    await withTenant(database, a.proof, (tx) => tx.team.create({ data }));
    const team = await withTenant(database, a.proof, (tx) => tx.team.findUniqueOrThrow({ where: { id } }));
    expect(team.createdAt).toEqual(at);
    await withTenant(database, a.proof, (tx) => tx.team.delete({ where: { id } }));
  });
});

const seen = async (tx: Tx) => ({
  people: (await tx.user.findMany(PEOPLE)).map(({ name }) => name),
  organisations: (await tx.organisation.findMany()).map(({ slug }) => slug),
  teams: await tx.team.count(),
});
const NOTHING = { people: [], organisations: [], teams: 0 };
const OWN = { people: ["ada"], organisations: ["ada"], teams: 0 };

describe("a proof", () => {
  const names = (proof: Proof) => withScope(database, proof, seen);

  test("of no kind shows nothing", async () => {
    expect(await names({})).toEqual(NOTHING);
  });

  test("of a session shows the person and their organisations, but not their contents", async () => {
    expect(await names({ sessionId: a.sessionId })).toEqual(OWN);
  });

  test("of an unknown session, an ended one, or one of another organisation is refused", async () => {
    const [ended] = [freshId()];
    await query(
      made.ownerUrl,
      `INSERT INTO user_session (id, user_id, expires_at) VALUES ('${ended}', '${a.userId}', now() - interval '1 second')`,
    );
    for (const proof of [
      { sessionId: freshId() },
      { sessionId: ended },
      { sessionId: ended, orgId: a.orgId },
      { sessionId: a.sessionId, orgId: b.orgId },
    ])
      await expect(names(proof)).rejects.toThrow(NotAdmitted);
  });

  test("of a token shows its organisation until it expires, is revoked, or its creator leaves", async () => {
    const proof = { tokenPublicId: "0123456789", tokenHash: "the hash" };
    const token = {
      publicId: proof.tokenPublicId,
      hash: proof.tokenHash,
      name: "CI",
      role: "admin",
      lastFour: "",
    } as const;
    const data = { ...token, id: freshId(), orgId: a.orgId, createdBy: a.userId };
    await withTenant(database, a.proof, (tx) => tx.adminToken.create({ data }));
    expect(await names(proof)).toEqual({ people: ["ada"], organisations: ["ada"], teams: 1 });
    await expect(names({ ...proof, tokenHash: "another" })).rejects.toThrow(NotAdmitted);
    for (const change of [
      "revoked_at = now()",
      "revoked_at = null, expires_at = now()",
      `expires_at = null, created_by = '${b.userId}'`,
    ]) {
      await query(made.ownerUrl, `UPDATE admin_token SET ${change}`);
      await expect(names(proof)).rejects.toThrow(NotAdmitted);
    }
  });

  test("of a password shows the person; a wrong one or an unknown address shows nothing", async () => {
    const enter = (email: string, hash: string) =>
      withScope(database, {}, async (tx) => ({
        salt: await passwordSalt(tx, email),
        who: await enterPassword(tx, email, hash),
        seen: await seen(tx),
      }));
    const salt = "$argon2id$v=19$m=8,t=1,p=1$c2FsdA";
    expect(await enter("ada@example.com", `${salt}$hash of ada`)).toEqual({
      salt,
      who: { id: a.userId, name: "ada" },
      seen: OWN,
    });
    expect(await enter("ada@example.com", `${salt}$hash of bob`)).toEqual({ salt, who: null, seen: NOTHING });
    const nobody = await enter("nobody@example.com", "");
    expect(nobody).toEqual({ ...nobody, who: null, seen: NOTHING });
    expect(nobody.salt).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}$/);
    expect((await enter("nobody@example.com", "")).salt).toBe(nobody.salt);
  });

  test("of a new person or organisation shows it, unless the address or the slug is taken", async () => {
    const [id, orgId] = [freshId(), freshId()];
    const found = (email: string, slug: string) =>
      withScope(database, {}, async (tx) => ({
        person: await newPerson(tx, { id, email, name: "Eve", passwordHash: "x" }),
        organisation: await newOrganisation(tx, { id: orgId, slug, name: "Eve's" }),
        seen: await seen(tx),
      })).finally(() =>
        query(
          made.ownerUrl,
          "DELETE FROM organisation WHERE name = 'Eve''s'",
          "DELETE FROM app_user WHERE name = 'Eve'",
        ),
      );
    expect(await found("eve@example.com", "eve")).toEqual({
      person: true,
      organisation: true,
      seen: { people: ["Eve"], organisations: ["eve"], teams: 0 },
    });
    expect(await found("ada@example.com", "bob")).toEqual({ person: false, organisation: false, seen: NOTHING });
  });
});
