import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { signIn } from "@tollgate/control/people/sign-in";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { freshEmail, openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

const secret = (): string => randomBytes(32).toString("base64");

async function command(args: string[], { input = "", env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {}) {
  const child = spawn(process.execPath, [`${import.meta.dirname}/../src/operator-main.ts`, ...args], {
    env: {
      PATH: process.env.PATH,
      TOLLGATE_CONTROL_DATABASE_URL: setup.database.controlUrl,
      TOLLGATE_KEY_PEPPER: secret(),
      TOLLGATE_AUDIT_KEY: secret(),
      TOLLGATE_SEAL_PUBLIC_KEY: secret(),
      TOLLGATE_CHANNEL_PUBLIC_KEY: secret(),
      ...env,
    },
  });
  child.stdin.end(input);
  const [output, refused, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on("close", resolve)),
  ]);
  return { output, refused, code };
}

const create = (email: string) => [
  ...["create-organisation", "--organisation", "Globex", "--owner", "Grace Hopper", "--email", email],
];

test("creates an organisation whose owner can sign in with the printed password", async () => {
  const email = freshEmail();
  const { output, code } = await command(create(email), { env: { NEXTAUTH_URL: "https://gate.example.com" } });
  expect([code, output]).toEqual([0, expect.stringContaining("https://gate.example.com/globex")]);
  const password = /with the password (\S+)$/m.exec(output)?.[1] ?? "";
  await expect(signIn(setup.services, { email, password }, null)).resolves.toMatchObject({ name: "Grace Hopper" });
});

test("reads a password from its input and does not print it", async () => {
  const [email, password] = [freshEmail(), "a password of my own"];
  const { output } = await command([...create(email), "--password-stdin"], { input: `${password}\n` });
  expect(output).not.toContain(password);
  await expect(signIn(setup.services, { email, password }, null)).resolves.toMatchObject({ email });
});

test.each([
  [["create-organisation"], "--organisation is required"],
  [create("not-an-address"), "--email is not an e-mail address"],
  [["drop-organisation"], "There is no such command."],
  [["create-organisation", "--root"], "--root"],
])("refuses %j with a clear error", async (args, why) => {
  const { refused, output, code } = await command(args);
  expect([code, output]).toEqual([1, ""]);
  expect(refused).toContain(why);
  expect(refused).not.toMatch(/\n\s+at /);
});

test("names a setting that is missing", async () => {
  const { refused, code } = await command(create(freshEmail()), { env: { TOLLGATE_AUDIT_KEY: "" } });
  expect([code, refused]).toEqual([1, "tollgate: TOLLGATE_AUDIT_KEY is not set: expected 32 bytes in base64.\n"]);
});

test("lists the quarantine and decides about it", async () => {
  expect(await command(["quarantine", "list"])).toMatchObject({ code: 0, output: "0 in quarantine.\n" });
  const [row] = await query<{ id: string }>(
    setup.database.ownerUrl,
    `insert into usage_quarantine (id, spool_id, event, reason) values (gen_random_uuid(), gen_random_uuid(), 'x', 'not an event')
     returning id`,
  );
  expect((await command(["quarantine", "list"])).output).toMatch(/ {2}1 bytes {2}not an event\n1 in quarantine/);
  expect((await command(["quarantine", "discard"])).refused).toContain("--all or ids");
  expect((await command(["quarantine", "release", row?.id ?? ""])).output).toContain("1 marked");
  expect((await command(["quarantine", "list"])).output).toContain("(to release)");
  expect(await command(["quarantine", "discard", "nonsense"])).toMatchObject({ code: 1 });
});
