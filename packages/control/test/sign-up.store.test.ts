import { listAudit } from "@tollgate/control/audit/list";
import type { Services } from "@tollgate/control/context";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { requireOperator } from "@tollgate/control/operator/require-operator";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { readSession } from "@tollgate/control/people/read-session";
import { signIn } from "@tollgate/control/people/sign-in";
import { signUp } from "@tollgate/control/people/sign-up";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, describe, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { freshEmail, openTestSetup, PASSWORD, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
/** A test setup without users. */
let empty: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
  await setup.organisation();
  empty = await openTestSetup();
});

const ADDRESS = "203.0.113.7";
const person = (email = freshEmail()) => ({ email, password: PASSWORD, name: "Ada", organisation: "Acme Research" });
const open = (): Services => ({ ...setup.services, signUp: { mode: "open" } });
const slugOf = async ({ email }: { email: string }, name = "Acme Research"): Promise<string> => {
  const { sessionId } = await signIn(setup.services, { email, password: PASSWORD }, ADDRESS);
  const session = await readSession(setup.services, sessionId);
  return session?.organisations.find((organisation) => organisation.name === name)?.slug ?? "";
};
/** A person and their organisation. */
const join = async (email = freshEmail()) => {
  await signUp(open(), person(email), ADDRESS);
  return { email, password: PASSWORD };
};

describe("signing up", () => {
  test("is only for the first person, also of two at the same time", async () => {
    const tries = [person(), person()].map((input) => signUp(empty.services, input, ADDRESS));
    const refused = (await Promise.allSettled(tries)).filter(({ status }) => status === "rejected");
    expect(refused).toMatchObject([{ reason: { code: "forbidden" } }]);
    expect((await refusal(signUp(empty.services, person(), ADDRESS))).code).toBe("forbidden");
    expect(await query(empty.database.ownerUrl, "select name from organisation")).toEqual([{ name: "Acme Research" }]);
  });

  test("when it is closed gives the same error with and without an account", async () => {
    const { email } = await join();
    const known = await refusal(signUp(setup.services, person(email), ADDRESS));
    expect(known).toEqual(await refusal(signUp(setup.services, person(), ADDRESS)));
    expect(known.code).toBe("forbidden");
  });

  test("is open only to the listed domains, not to their subdomains", async () => {
    const services: Services = { ...setup.services, signUp: { mode: "domains", domains: ["acme.test"] } };
    await signUp(services, person(`a-${freshEmail().split("@")[0]}@ACME.test`), ADDRESS);
    for (const domain of ["evil-acme.test", "sub.acme.test", "acme.test.example"]) {
      const stranger = signUp(services, person(`a@${domain}`), ADDRESS);
      expect((await refusal(stranger)).code).toBe("forbidden");
    }
  });

  test("creates an organisation with a free slug, which the person owns", async () => {
    const [first, second] = [await join(), await join()];
    expect(await slugOf(second)).toMatch(/^acme-research-[0-9a-f]{6}$/);
    expect(await slugOf(first)).not.toBe(await slugOf(second));
  });

  test("with an existing address gives the same answer as for a new one, and changes nothing", async () => {
    const { email } = await join();
    const all = () => query(setup.database.ownerUrl, "select id, password_hash from app_user order by id");
    const organisations = () => query(setup.database.ownerUrl, "select id from organisation order by id");
    const before = [await all(), await organisations()];
    const again = { ...person(` ${email.toUpperCase()} `), password: "another password" };
    expect(await signUp(open(), again, ADDRESS)).toBe(await signUp(open(), person(), ADDRESS));
    const [users, orgs] = [await all(), await organisations()];
    expect([users.length, orgs.length]).toEqual(before.map((rows) => rows.length + 1));
    expect(users).toEqual(expect.arrayContaining(before[0] ?? []));
    await expect(signIn(setup.services, { email, password: PASSWORD }, ADDRESS)).resolves.toMatchObject({ email });
  });

  test("names every invalid field", async () => {
    const input = { email: "аda@example.com", password: "short", name: "", organisation: "x".repeat(101) };
    expect((await refusal(signUp(open(), input, ADDRESS))).fields).toEqual([
      "email",
      "password",
      "name",
      "organisation",
    ]);
  });

  test("never uses a path of the dashboard as a slug", async () => {
    const input = { ...person(), organisation: "API" };
    await signUp(open(), input, ADDRESS);
    expect(await slugOf(input, "API")).toMatch(/^api-[0-9a-f]{6}$/);
  });
});

describe("the operator", () => {
  const owner = () => ({ name: "Grace", email: freshEmail() });

  test("creates an organisation with its first owner although sign-up is closed, with an audit entry", async () => {
    const made = await createOrganisationFor(setup.services, { organisation: "Globex", owner: owner() }, ADDRESS);
    const password = made.owner.password ?? "";
    const { sessionId } = await signIn(setup.services, { email: made.owner.email, password }, null);
    const ctx = await contextForSession(setup.services, sessionId, made.slug, null);
    expect(ctx).toMatchObject({ role: "owner", orgId: made.id });
    const { items } = await listAudit(ctx, { action: "organisation.create" });
    expect(items).toMatchObject([{ actor: { kind: "system", name: "Operator" }, address: ADDRESS }]);
    expect(JSON.stringify(items)).not.toContain(password);
  });

  test("gets an error if the owner's address has an account, and nothing is created", async () => {
    const { email } = await join();
    const again = createOrganisationFor(setup.services, { organisation: "Twice", owner: { ...owner(), email } }, null);
    expect(await refusal(again)).toMatchObject({ code: "conflict", fields: ["owner.email"] });
    expect(await query(setup.database.ownerUrl, "select from organisation where name = 'Twice'")).toEqual([]);
  });

  test.each(["", "wrong", "operator-token-of-32-characters-X"])("is not identified by %j", (token) => {
    expect(() => requireOperator("operator-token-of-32-characters-!", token)).toThrow("not valid");
  });

  test("does not exist without an operator token", () => {
    expect(() => requireOperator(undefined, "")).toThrow("no operator token");
  });
});
