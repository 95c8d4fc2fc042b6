import type { Services } from "@tollgate/control/context";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { contextForToken } from "@tollgate/control/people/context-for-token";
import { readSession } from "@tollgate/control/people/read-session";
import { VERBS } from "@tollgate/control/verbs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "../refusal.ts";
import { type Call, idPlaces, isRead, make, ownCalls, randomLike, withId } from "./probe.ts";
import { SAMPLES } from "./samples.ts";
import { bendSql, forgetTenant } from "./sql-seam.ts";
import type { Tenant } from "./tenant.ts";
import { onServices, openTwoTenants, type TwoTenants, withoutRowSecurity } from "./two-tenants.ts";
import { NO_WORDS, wordless } from "./words.ts";

test("every verb has a sample input, and every sample a verb", () => {
  expect(Object.keys(SAMPLES).toSorted()).toEqual(VERBS.map(({ verb }) => verb).toSorted());
});

/** Verbs whose only input is the organisation's id. */
const idless = ({ verb }: Call): boolean =>
  ["organisation.get", "retention.get", "catalogue.providers", "catalogue.models"].includes(verb.verb);

/** Their tenant condition is in a function of the database, which compares the organisation with the proven tenant as well. */
const IN_A_FUNCTION = ["usage.requests"];

/** Only workers of the version before write it. */
const BEFORE = ["usage_label"];

describe.each(["as installed", "with row security off"])("%s", (how) => {
  let tenants: TwoTenants;
  let services: Services;
  let a: Tenant;
  let before: Record<string, string[]>;

  beforeAll(async () => {
    tenants = await openTwoTenants();
    services = how === "as installed" ? tenants.setup.services : withoutRowSecurity(tenants.setup);
    a = onServices(tenants.a, services);
    before = await tenants.rowsOfB();
  });
  afterAll(() => services.db.close());

  test("the other tenant's texts are in all tables and columns with text", async () => {
    const written = Object.fromEntries(Object.entries(before).filter(([table]) => !BEFORE.includes(table)));
    const silent = Object.entries(written).filter(([, rows]) => rows.length === 0);
    expect(silent.map(([table]) => table)).toEqual([]);
    expect(await wordless(tenants.setup.database.ownerUrl, written, tenants.b.mark)).toEqual(NO_WORDS);
  });

  test("every verb as every role reveals nothing of the other tenant", async () => {
    const failed = [];
    for (const call of ownCalls(a)) {
      const { shown, refused, fault } = await make(a.roles[call.role], call);
      const leak = tenants.leak(shown);
      // The owner must not be refused; otherwise this test proves nothing.
      if (leak || fault || (refused && call.role === "owner")) failed.push({ ...call, verb: call.verb.verb, shown });
    }
    expect(failed).toEqual([]);
  });

  test("every id of the other tenant gives the same answer as an unknown id, in every input and as every role", async () => {
    const failed: object[] = [];
    for (const place of idPlaces(a)) {
      const ofRandomId = new Map<string, Promise<string>>();
      const tryId = async (id: string): Promise<void> => {
        const other = randomLike(id);
        const instant = id.slice(0, 13);
        const call = (given: string): Promise<string> =>
          make(a.roles[place.role], withId(place, given)).then(({ shown }) => shown.replaceAll(given, "<id>"));
        if (!ofRandomId.has(instant)) ofRandomId.set(instant, call(other));
        const [theirs, random] = await Promise.all([call(id), ofRandomId.get(instant)]);
        if (theirs === random && !theirs.includes(tenants.b.mark)) return;
        failed.push({ ...place, verb: place.verb.verb, id, theirs, random });
      };
      await Promise.all(tenants.foreign.map(tryId));
    }
    expect(failed).toEqual([]);
  });

  test("a session or a token does not open the other tenant", async () => {
    const { sessionId, token, slug } = tenants.a;
    const session = JSON.stringify(await readSession(services, sessionId));
    expect([session.includes(tenants.a.mark), tenants.leak(session)]).toEqual([true, undefined]);
    const theirs = await refusal(contextForSession(services, sessionId, tenants.b.slug, null));
    expect(theirs).toEqual(await refusal(contextForSession(services, sessionId, `${slug}-nobody`, null)));
    expect((await contextForToken(services, token, null)).orgId).toBe(tenants.a.orgId);
  });

  test("no row of the other tenant has changed", async () => {
    expect(await tenants.rowsOfB()).toEqual(before);
  });
});

test("with row security off, these tests notice every verb that forgets the tenant condition", async () => {
  const tenants = await openTwoTenants();
  const services = withoutRowSecurity(tenants.setup);
  const { owner } = onServices(tenants.a, services).roles;
  const isOwners = ({ role }: Call): boolean => role === "owner";
  const own = ownCalls(tenants.a).filter(isOwners);
  const places = idPlaces(tenants.a).filter(isOwners);

  const reads = async (calls: Call[]): Promise<string[]> =>
    Promise.all(calls.map(async (call) => (await make(owner, call)).shown));
  const alike = async (place: (typeof places)[number], id: string): Promise<boolean> => {
    const other = randomLike(id);
    const theirs = await make(owner, withId(place, id));
    const ofRandomId = await make(owner, withId(place, other));
    return theirs.shown.replaceAll(id, "<id>") === ofRandomId.shown.replaceAll(other, "<id>");
  };
  const unnoticed: string[] = [];
  for (const verb of VERBS.filter(({ verb }) => !IN_A_FUNCTION.includes(verb))) {
    const asked = own.filter((call) => call.verb === verb && isRead(verb));
    const open = places.filter((place) => place.verb === verb);
    if (open.length === 0 && asked.every(idless)) continue;
    const straight = await reads(asked);
    const undo = bendSql(forgetTenant);
    let noticed = (await reads(asked)).some((shown, at) => shown !== straight[at]);
    for (const place of open) for (const id of tenants.foreign) noticed ||= !(await alike(place, id));
    undo();
    if (!noticed) unnoticed.push(verb.verb);
  }
  await services.db.close();
  expect(unnoticed).toEqual([]);
});
