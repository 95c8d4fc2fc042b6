import { listAudit } from "@tollgate/control/audit/list";
import { verifyAudit } from "@tollgate/control/audit/verify";
import type { Context, Services } from "@tollgate/control/context";
import { createKey } from "@tollgate/control/keys/create";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { addMember } from "@tollgate/control/people/add-member";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { createOrganisation } from "@tollgate/control/people/create-organisation";
import { listMembers } from "@tollgate/control/people/list-members";
import { readSession } from "@tollgate/control/people/read-session";
import { removeMember } from "@tollgate/control/people/remove-member";
import { signIn } from "@tollgate/control/people/sign-in";
import { signOut } from "@tollgate/control/people/sign-out";
import { updateMember } from "@tollgate/control/people/update-member";
import { createTeam } from "@tollgate/control/teams/create";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, describe, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { freshEmail, openTestSetup, PASSWORD, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

const ADDRESS = "203.0.113.7";

const open = (): Services => ({ ...setup.services, signUp: { mode: "open" } });
/** A person and their organisation. */
const join = async () => {
  const owner = { email: freshEmail(), password: PASSWORD, name: "Ada" };
  const { slug } = await createOrganisationFor(setup.services, { organisation: "Acme Research", owner }, ADDRESS);
  return { email: owner.email, slug };
};

describe("signing in", () => {
  test("an unknown address and a wrong password give the same error", async () => {
    const { email } = await join();
    const wrong = await refusal(signIn(setup.services, { email, password: "not the password" }, ADDRESS));
    const unknown = await refusal(signIn(setup.services, { email: freshEmail(), password: PASSWORD }, ADDRESS));
    expect(wrong).toEqual(unknown);
    expect(wrong.code).toBe("invalid_value");
  });

  test("is refused after ten wrong attempts from one address, also with the right password, and allowed again later", async () => {
    const { email } = await join();
    const guess = () => refusal(signIn(setup.services, { email, password: "guess guess" }, "198.51.100.1"));
    for (const _ of Array(10)) expect((await guess()).code).toBe("invalid_value");
    const right = { email, password: PASSWORD };
    expect((await refusal(signIn(setup.services, right, "198.51.100.1"))).code).toBe("rate_limit_exceeded");
    await expect(signIn(setup.services, right, "198.51.100.2")).resolves.toMatchObject({ email });
    setup.clock.advance(16 * 60_000);
    await expect(signIn(setup.services, right, "198.51.100.1")).resolves.toMatchObject({ email });
  });

  test("wrong attempts from elsewhere cannot lock a person out of their usual address", async () => {
    const { email } = await join();
    const right = { email, password: PASSWORD };
    await signIn(setup.services, right, "192.0.2.1");
    const tries = Array.from({ length: 55 }, (_, index) => `198.51.${index % 100}.${index}`);
    for (const address of tries)
      await signIn(setup.services, { email, password: "guess guess" }, address).catch(() => {});
    expect((await refusal(signIn(setup.services, right, "198.51.100.99"))).code).toBe("rate_limit_exceeded");
    await expect(signIn(setup.services, right, "192.0.2.1")).resolves.toMatchObject({ email });
  });

  test("is in the audit log of each organisation", async () => {
    const owner = await setup.organisation();
    const { items } = await listAudit(owner, {});
    expect(items.map(({ action }) => action)).toEqual(["people.sign-in", "organisation.create"]);
  });
});

describe("a failed sign-in", () => {
  const failures = async (ctx: Context) => {
    const { items } = await listAudit(ctx, { action: "people.sign-in.failed" });
    return items.map(({ actor, address, after, subject }) => ({ actor: actor.name, address, subject, after }));
  };
  const member = async (owner: Context) => {
    const email = freshEmail();
    const person = { email, name: "Mo", password: PASSWORD, role: "developer" as const };
    return addMember(owner, person);
  };
  const fail = (email: string, address: string | null) =>
    refusal(signIn(setup.services, { email, password: "guess guess" }, address));

  test("is in the audit log of each organisation of the person and of no other, counted by client address", async () => {
    // The database accepts only times within a day of its own.
    setup.clock.advance(Date.now() - setup.clock.now());
    const [owner, other] = [await setup.organisation(), await setup.organisation()];
    const { email, userId } = await member(owner);
    for (const address of ["198.51.100.9", "198.51.100.9", null]) await fail(email, address);
    const at = new Date(setup.clock.now()).toISOString();
    const seen = { reason: "wrong_password", firstAt: at, lastAt: at };
    const entries = await failures(owner);
    expect(entries).toHaveLength(2);
    expect(entries).toEqual(
      expect.arrayContaining([
        { actor: "Sign-in", subject: `user ${userId}`, address: "198.51.100.9", after: { ...seen, times: 2 } },
        { actor: "Sign-in", subject: `user ${userId}`, address: null, after: { ...seen, times: 1 } },
      ]),
    );
    expect(await failures(owner)).toEqual(entries);
    expect(await failures(other)).toEqual([]);
    expect(await verifyAudit(owner, {})).toMatchObject({ intact: true });
  });

  test("that was refused as one of too many is there too, with its count", async () => {
    const owner = await setup.organisation();
    const { email } = await member(owner);
    for (const _ of Array(13)) await fail(email, "198.51.100.10");
    expect((await failures(owner)).map(({ after }) => after)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ reason: "wrong_password", times: 10 }),
        expect.objectContaining({ reason: "too_many_tries", times: 3 }),
      ]),
    );
  });

  test("is in the audit chain before the next change", async () => {
    const owner = await setup.organisation();
    const { email } = await member(owner);
    await fail(email, ADDRESS);
    await createTeam(owner, { name: "Next" });
    const { items } = await listAudit(owner, {});
    expect(items.slice(0, 2).map(({ action }) => action)).toEqual(["teams.create", "people.sign-in.failed"]);
  });

  test("of an address without an account leaves no entry in any organisation", async () => {
    const noted = () => query(setup.database.ownerUrl, "select * from sign_in_failure order by org_id, address");
    const before = await noted();
    await fail(freshEmail(), ADDRESS);
    expect(await noted()).toEqual(before);
  });
});

describe("a session", () => {
  const signedIn = async () => {
    const { email, slug } = await join();
    return { slug, ...(await signIn(setup.services, { email, password: PASSWORD }, ADDRESS)) };
  };

  test("shows the person and their organisations, and ends at sign-out", async () => {
    const { sessionId, slug, email } = await signedIn();
    const session = await readSession(setup.services, sessionId);
    expect(session).toMatchObject({ user: { email }, organisations: [{ slug, role: "owner", name: "Acme Research" }] });
    await signOut(setup.services, sessionId, ADDRESS);
    expect(await readSession(setup.services, sessionId)).toBeNull();
    const context = contextForSession(setup.services, sessionId, slug, ADDRESS);
    expect((await refusal(context)).code).toBe("missing_api_key");
  });

  test("that is ended repeatedly leaves one audit entry in each organisation", async () => {
    const owner = await setup.organisation();
    const { sessionId, slug, email } = await signedIn();
    await signOut(setup.services, owner.orgId, ADDRESS);
    const other = await signIn(setup.services, { email, password: PASSWORD }, ADDRESS);
    const context = await contextForSession(setup.services, other.sessionId, slug, ADDRESS);
    await Promise.all([1, 2].map(() => signOut(setup.services, sessionId, ADDRESS)));
    await signOut(setup.services, sessionId, ADDRESS);
    const { items } = await listAudit(context, { action: "people.sign-out" });
    expect(items).toMatchObject([{ address: ADDRESS, actor: { kind: "user" } }]);
    expect((await listAudit(owner, { action: "people.sign-out" })).items).toEqual([]);
  });

  test("ends by itself after two weeks", async () => {
    const { sessionId } = await signedIn();
    setup.clock.advance(14 * 86_400_000);
    expect(await readSession(setup.services, sessionId)).toBeNull();
  });

  test("cannot distinguish another person's organisation from an unknown one", async () => {
    const [mine, other] = [await signedIn(), await signedIn()];
    const foreign = await refusal(contextForSession(setup.services, mine.sessionId, other.slug, ADDRESS));
    const random = await refusal(contextForSession(setup.services, mine.sessionId, "no-such-place", ADDRESS));
    expect(foreign).toEqual(random);
    expect(foreign.code).toBe("not_found");
  });

  test("can create another organisation", async () => {
    const { sessionId } = await signedIn();
    const { slug } = await createOrganisation(open(), sessionId, { name: "Zweigstelle Köln" });
    expect(slug).toBe("zweigstelle-koln");
    const session = await readSession(setup.services, sessionId);
    expect(session?.organisations.map(({ name }) => name)).toEqual(["Acme Research", "Zweigstelle Köln"]);
  });

  test("cannot create an organisation if sign-up is closed", async () => {
    const { sessionId } = await signedIn();
    const another = createOrganisation(setup.services, sessionId, { name: "Another" });
    expect((await refusal(another)).code).toBe("forbidden");
  });

  test.each(["", "nonsense", "00000000-0000-4000-8000-000000000000"])(
    "with the id %j is not valid",
    async (sessionId) => {
      expect(await readSession(setup.services, sessionId)).toBeNull();
    },
  );
});

describe("members", () => {
  test("are listed with their teams; a developer sees only themselves", async () => {
    const owner = await setup.organisation();
    const team = await createTeam(owner, { name: "Research" });
    const developer = await setup.member(owner, "developer", [team.id]);
    const { items } = await listMembers(owner, {});
    expect(items.map(({ role, teams }) => [role, teams.map(({ name }) => name)])).toEqual([
      ["owner", []],
      ["developer", ["Research"]],
    ]);
    expect((await listMembers(developer, {})).items).toEqual(items.slice(1));
  });

  test("nobody can grant or remove a role above their own, or change their own role", async () => {
    const owner = await setup.organisation();
    const admin = await setup.member(owner, "admin");
    const [first, second] = (await listMembers(owner, {})).items.map(({ id }) => id);
    const person = { email: freshEmail(), name: "Eve", password: PASSWORD, role: "owner" as const };
    expect((await refusal(addMember(admin, person))).code).toBe("forbidden");
    expect((await refusal(updateMember(admin, { id: first ?? "", role: "finance" }))).code).toBe("forbidden");
    expect((await refusal(updateMember(admin, { id: second ?? "", role: "developer" }))).code).toBe("forbidden");
    expect((await refusal(removeMember(admin, { id: first ?? "" }))).code).toBe("forbidden");
  });

  test("nobody becomes a member by their address alone, and the account is not revealed", async () => {
    const [owner, other] = [await setup.organisation(), await setup.organisation()];
    const email = freshEmail();
    await addMember(other, { email, name: "Bob Elsewhere", password: PASSWORD, role: "developer" });
    const again = refusal(addMember(owner, { email, name: "Eve", password: PASSWORD, role: "developer" }));
    expect(await again).toEqual({
      code: "conflict",
      message: "This e-mail address has an account.",
      fields: ["email"],
    });
    expect((await listMembers(owner, {})).items).toHaveLength(1);
  });

  test("the last owner cannot leave", async () => {
    const owner = await setup.organisation();
    const [self] = (await listMembers(owner, {})).items;
    expect((await refusal(removeMember(owner, { id: self?.id ?? "" }))).message).toContain("last owner");
  });

  test("two owners cannot remove each other at the same time", async () => {
    const owner = await setup.organisation();
    const other = await setup.member(owner, "owner");
    const ids = (await listMembers(owner, {})).items.map(({ id }) => id);
    const results = await Promise.allSettled([
      removeMember(owner, { id: ids[1] ?? "" }),
      removeMember(other, { id: ids[0] ?? "" }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("a removed member has no access at the next request, and cannot be removed while they have live keys", async () => {
    const owner = await setup.organisation();
    const developer = await setup.member(owner, "developer");
    const { key } = await createKey(developer, { name: "laptop" });
    const id = key.memberId ?? "";
    expect((await refusal(removeMember(owner, { id }))).message).toContain("the key laptop");
  });
});
