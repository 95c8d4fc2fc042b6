import { freshId } from "@tollgate/testkit/fresh-id";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/client.ts";
import { withScope, withTenant } from "../src/with-tenant.ts";

const a = freshId();
const b = freshId();
const person = freshId();
const stranger = freshId();

let database: Database;
let made: TestDatabase;

beforeAll(async () => {
  made = await testDatabase();
  database = openDatabase({ connectionString: made.controlUrl });
  await withScope(database, { orgId: a, userId: person }, async (tx) => {
    await tx.user.create({ data: { id: person, email: "ada@example.com", name: "Ada" } });
    await tx.organisation.create({ data: { id: a, slug: "a", name: "A" } });
    await tx.membership.create({ data: { id: freshId(), orgId: a, userId: person, role: "owner" } });
    await tx.team.create({ data: { id: freshId(), orgId: a, name: "Research" } });
  });
  await withScope(database, { orgId: b, userId: stranger }, async (tx) => {
    await tx.user.create({ data: { id: stranger, email: "bob@example.com", name: "Bob" } });
    await tx.organisation.create({ data: { id: b, slug: "b", name: "B" } });
    await tx.membership.create({ data: { id: freshId(), orgId: b, userId: stranger, role: "owner" } });
    await tx.team.create({ data: { id: freshId(), orgId: b, name: "Sales" } });
  });
});

afterAll(async () => {
  await database.close();
  await made.drop();
});

describe("withTenant", () => {
  test("sees its own rows and no others, whatever is asked", async () => {
    const seen = await withTenant(database, a, async (tx) => ({
      teams: await tx.team.findMany({ select: { name: true } }),
      organisations: await tx.organisation.findMany({ select: { slug: true } }),
      people: await tx.user.findMany({ select: { name: true } }),
      foreign: await tx.team.findMany({ where: { orgId: b } }),
    }));
    expect(seen).toEqual({
      teams: [{ name: "Research" }],
      organisations: [{ slug: "a" }],
      people: [{ name: "Ada" }],
      foreign: [],
    });
  });

  test("cannot write into another tenant", async () => {
    const intrude = withTenant(database, a, (tx) =>
      tx.team.create({ data: { id: freshId(), orgId: b, name: "Trojan" } }),
    );
    await expect(intrude).rejects.toThrow(/row-level security/);
    const changed = await withTenant(database, a, (tx) => tx.team.updateMany({ data: { name: "Renamed" } }));
    expect(changed.count).toBe(1);
    const [theirs] = await withTenant(database, b, (tx) => tx.team.findMany());
    expect(theirs?.name).toBe("Sales");
  });

  test("leaves nothing behind on the connection", async () => {
    const single = openDatabase({ connectionString: made.controlUrl, max: 1 });
    await withTenant(single, a, (tx) => tx.team.findMany());
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
    const failing = withTenant(database, a, async (tx) => {
      await tx.team.create({ data: { id: freshId(), orgId: a, name: "Half done" } });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await withTenant(database, a, (tx) => tx.team.count({ where: { name: "Half done" } }))).toBe(0);
  });

  test("keeps instants as they were", async () => {
    const at = new Date("2026-03-29T01:30:00.123Z");
    const id = freshId();
    await withTenant(database, a, (tx) => tx.team.create({ data: { id, orgId: a, name: "Time", createdAt: at } }));
    const team = await withTenant(database, a, (tx) => tx.team.findUniqueOrThrow({ where: { id } }));
    expect(team.createdAt).toEqual(at);
  });
});

describe("withScope", () => {
  const names = (scope: Parameters<typeof withScope>[1]) =>
    withScope(database, scope, async (tx) => ({
      people: (await tx.user.findMany()).map(({ name }) => name),
      organisations: (await tx.organisation.findMany()).map(({ slug }) => slug),
      teams: await tx.team.count(),
    }));

  test("an empty one sees nothing", async () => {
    expect(await names({})).toEqual({ people: [], organisations: [], teams: 0 });
  });

  test("a person sees themselves and their organisations, not what is inside", async () => {
    expect(await names({ userId: person })).toEqual({ people: ["Ada"], organisations: ["a"], teams: 0 });
  });

  test("who signs in finds one account", async () => {
    expect(await names({ signInEmail: "bob@example.com" })).toEqual({ people: ["Bob"], organisations: [], teams: 0 });
  });

  test("the bearer of a session finds it, and of a token finds that", async () => {
    const session = freshId();
    await withScope(database, { userId: person }, (tx) =>
      tx.userSession.create({ data: { id: session, userId: person, expiresAt: new Date() } }),
    );
    const found = await withScope(database, { sessionId: session }, (tx) => tx.userSession.findMany());
    expect(found.map(({ userId }) => userId)).toEqual([person]);
    expect(await withScope(database, { sessionId: freshId() }, (tx) => tx.userSession.findMany())).toEqual([]);

    const token = {
      id: freshId(),
      publicId: "0123456789",
      name: "CI",
      role: "admin",
      hash: "",
      lastFour: "",
    } as const;
    await withTenant(database, a, (tx) => tx.adminToken.create({ data: { ...token, orgId: a, createdBy: person } }));
    const holder = await withScope(database, { tokenPublicId: "0123456789" }, (tx) => tx.adminToken.findMany());
    expect(holder.map(({ orgId }) => orgId)).toEqual([a]);
    expect(await withTenant(database, b, (tx) => tx.adminToken.findMany())).toEqual([]);
  });
});
