import { batchFlag } from "@tollgate/contracts/batch";
import { TollgateError } from "@tollgate/contracts/errors";
import { ROLES } from "@tollgate/contracts/role";
import { verifyAudit } from "@tollgate/control/audit/verify";
import { reachOf } from "@tollgate/control/authorize";
import { createChannel } from "@tollgate/control/channels/create";
import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { createGuardrail } from "@tollgate/control/guardrails/create";
import { createKey } from "@tollgate/control/keys/create";
import { increaseLimit } from "@tollgate/control/limits/increase";
import { setLimit } from "@tollgate/control/limits/set";
import { createModel } from "@tollgate/control/models/create";
import { setPrice } from "@tollgate/control/prices/set";
import { createTeam } from "@tollgate/control/teams/create";
import { createToken } from "@tollgate/control/tokens/create";
import { VERBS } from "@tollgate/control/verbs";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openLedger, usageEvent } from "./ledger.ts";
import { refusal } from "./refusal.ts";
import { freshEmail, openTestSetup, PASSWORD, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
let ledger: ReturnType<typeof openLedger>;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
});

/** One object of each noun in an organisation, and input for every verb that refers to them. */
async function setUp(owner: Context) {
  const member = await setup.member(owner, "finance");
  const memberId = member.actor.kind === "user" ? member.actor.memberId : "";
  const [team, idleTeam] = [await createTeam(owner, { name: "Research" }), await createTeam(owner, { name: "Idle" })];
  const idle = await createCredential(owner, { name: "Idle", provider: "openai", secret: "sk-0123456789" });
  const credential = await createCredential(owner, { name: "OpenAI", provider: "openai", secret: "sk-0123456789" });
  const targets = [{ credentialId: credential.id, upstreamModel: "gpt-4o-mini" }];
  const model = await createModel(owner, { name: "small", targets });
  const price = { provider: "openai", upstreamModel: "gpt-own", inputPerMillionUsd: "1", outputPerMillionUsd: "2" };
  const own = await setPrice(owner, price);
  const { key } = await createKey(owner, { name: "ci" });
  const { key: otherKey } = await createKey(owner, { name: "other" });
  const limit = await setLimit(owner, { scope: "organisation", unit: "usd", window: "day", amount: "5" });
  const otherLimit = await setLimit(owner, { scope: "organisation", unit: "usd", window: "week", amount: "5" });
  const raised = await increaseLimit(owner, { id: limit.id, amount: "1", reason: "Launch day" });
  const { channel } = await createChannel(owner, { name: "Hook", kind: "webhook", url: "https://hooks.example.com/t" });
  const rule = await createGuardrail(owner, { name: "No secrets", kind: "secret", action: "block" });
  const { token } = await createToken(owner, { name: "terraform", role: "admin" });
  const event = usageEvent(owner.orgId, setup.clock.now(), { keyId: key.id });
  const batch = usageEvent(owner.orgId, setup.clock.now() - 1_000, {
    ...{ keyId: key.id, credentialId: credential.id, surface: "batches", costNano: null, pricing: "unpriced" },
    flags: [batchFlag("batch_1")],
  });
  await ledger.ingest([event, batch]);
  const person = { email: freshEmail(), name: "Eve", password: PASSWORD, role: "developer" };
  const budget = { scope: "team", subject: team.id, unit: "usd", window: "month", amount: "10" };
  return {
    "organisation.get": {},
    "organisation.update": { name: "Acme Ltd" },
    "teams.list": {},
    "teams.get": { id: team.id },
    "teams.create": { name: "Science" },
    "teams.update": { id: team.id, deny: ["gpt-5"] },
    "members.list": {},
    "members.get": { id: memberId },
    "members.add": person,
    "members.update": { id: memberId, role: "developer" },
    "members.remove": { id: memberId },
    "catalogue.providers": {},
    "catalogue.models": { provider: "openai" },
    "credentials.list": {},
    "credentials.get": { id: credential.id },
    "credentials.create": { name: "Anthropic", provider: "anthropic", secret: "sk-0123456789" },
    "credentials.update": { id: credential.id, name: "OpenAI EU" },
    "credentials.test": { id: credential.id },
    "credentials.discover": { id: credential.id },
    "credentials.models": { id: credential.id },
    "models.list": {},
    "models.get": { id: model.id },
    "models.create": { name: "large", targets },
    "models.update": { id: model.id, cacheTtlSeconds: 5 },
    "models.delete": { id: model.id },
    "credentials.delete": { id: idle.id },
    "prices.list": {},
    "prices.set": { ...price, upstreamModel: "gpt-next" },
    "prices.delete": { id: own.id },
    "keys.list": {},
    "keys.get": { id: key.id },
    "keys.create": { name: "laptop" },
    "keys.update": { id: key.id, state: "disabled" },
    "keys.revoke": { id: key.id },
    "keys.bulk-create": { items: [{ name: "of many" }] },
    "keys.bulk-update": { items: [{ id: otherKey.id, state: "disabled" }] },
    "keys.bulk-revoke": { ids: [otherKey.id] },
    "limits.list": {},
    "limits.get": { id: limit.id },
    "limits.set": budget,
    "limits.change": { id: limit.id, amount: "6" },
    "limits.increase": { id: limit.id, amount: "2", reason: "Launch week" },
    "increases.revoke": { id: raised.increases[0]?.id },
    "limits.delete": { id: limit.id },
    "limits.bulk-set": { items: [budget] },
    "limits.bulk-change": { items: [{ id: otherLimit.id, amount: "7" }] },
    "limits.bulk-delete": { ids: [otherLimit.id] },
    "teams.delete": { id: idleTeam.id },
    "batches.list": {},
    "alerts.list": {},
    "channels.list": {},
    "channels.get": { id: channel.id },
    "channels.create": { name: "Mail", kind: "email", addresses: ["ops@example.com"] },
    "channels.update": { id: channel.id, url: "https://hooks.example.com/u" },
    "channels.rotate": { id: channel.id },
    "channels.test": { id: channel.id },
    "channels.delete": { id: channel.id },
    "guardrails.list": {},
    "guardrails.get": { id: rule.id },
    "guardrails.create": { name: "Words", kind: "keyword", patterns: ["hush"], action: "flag" },
    "guardrails.update": { id: rule.id, mode: "shadow" },
    "guardrails.delete": { id: rule.id },
    "tokens.list": {},
    "tokens.create": { name: "ci", role: "finance" },
    "tokens.revoke": { id: token.id },
    "usage.overview": {},
    "usage.spend": {},
    "usage.export": {},
    "usage.exportGroups": { after: null },
    "usage.exportRows": { ids: [] },
    "usage.requests": {},
    "usage.runs": {},
    "usage.request": { id: event.id },
    "batches.cancel": { id: batch.id },
    "usage.maintenance": {},
    "usage.reconcile": {},
    "usage.rebuild": { from: new Date(setup.clock.now() - 86_400_000).toISOString() },
    "usage.rerate": { from: new Date(setup.clock.now() - 86_400_000).toISOString() },
    "usage.months": {},
    "usage.close": { month: "2025-01" },
    "audit.list": {},
    "audit.verify": {},
    "retention.get": {},
    "retention.update": { requestsDays: 90, alertsDays: 120 },
  } satisfies Record<string, object>;
}

type Inputs = Awaited<ReturnType<typeof setUp>>;

const inputOf = (inputs: Inputs, name: string): object => {
  const input = (inputs as Record<string, object>)[name];
  if (!input) throw new Error(`add an input for ${name}`);
  return input;
};

/** All stored data of an organisation, except its audit log. */
async function stateOf(orgId: string): Promise<string> {
  const tables = ["membership", "team", "credential", "model", "target", "virtual_key", "key_secret", "usage_limit"];
  const parts = [...tables, "limit_counter", "limit_increase", "guardrail", "channel", "alert", "admin_token"].map(
    (table) => `(select coalesce(jsonb_agg(t order by t::text), '[]') from ${table} t where org_id = '${orgId}')`,
  );
  const organisation = `(select to_jsonb(o) from organisation o where id = '${orgId}')`;
  const [row] = await query<{ state: string }>(
    setup.database.ownerUrl,
    `select jsonb_build_array(${[organisation, ...parts].join(", ")})::text as state`,
  );
  return row?.state ?? "";
}

const entries = async (orgId: string) =>
  query<{ action: string }>(
    setup.database.ownerUrl,
    `select action from audit_entry where org_id = '${orgId}' and action not like 'people.%' order by sequence`,
  );

/** Strings, numbers and shapes that often cause errors. */
const NASTY: readonly unknown[] = [
  null,
  "",
  "a\0b",
  "\ud800",
  "x".repeat(100_000),
  "' or 1=1 --",
  "%_\\",
  "٣",
  -1,
  1e300,
  Number.NaN,
  true,
  [],
  {},
  ["a\0b"],
  ["\ud800"],
  JSON.parse('{"__proto__":{"role":"owner"},"constructor":"x"}'),
];

/** Variants of the input, each with one field replaced by a bad value. */
function* spoilt(verb: (typeof VERBS)[number], input: object): Generator<unknown> {
  yield* [undefined, null, "text", [], 7];
  const { properties } = z.toJSONSchema(verb.input, { io: "input" });
  for (const field of Object.keys(properties ?? {})) for (const value of NASTY) yield { ...input, [field]: value };
}

const writes = ({ http }: (typeof VERBS)[number]): boolean =>
  "internal" in http ? !http.reads : http.method !== "GET";

describe("every verb", () => {
  test("works for an owner; a change leaves one audit entry, a read none", async () => {
    const owner = await setup.organisation();
    const inputs = await setUp(owner);
    // While the tests of new credentials run, asking for one starts none.
    await query(setup.database.ownerUrl, "update proxy_task set begin_by = clock_timestamp()");
    const order = Object.keys(inputs);
    expect(order.toSorted()).toEqual(VERBS.map(({ verb }) => verb).toSorted());
    for (const name of order) {
      const verb = VERBS.find((each) => each.verb === name) ?? expect.unreachable();
      const before = await entries(owner.orgId);
      const stateBefore = await stateOf(owner.orgId);
      verb.output.parse(await verb.call(owner, inputOf(inputs, name)));
      const added = (await entries(owner.orgId)).slice(before.length);
      expect([name, added]).toEqual([name, writes(verb) ? [{ action: name }] : []]);
      if (!writes(verb)) expect(await stateOf(owner.orgId)).toBe(stateBefore);
    }
  });

  test.each(ROLES)(
    "a %s may call what the table says; a refused call changes nothing and is in the audit log",
    async (role) => {
      const owner = await setup.organisation();
      const inputs = await setUp(owner);
      const actor = await setup.member(owner, role);
      const [before, noted] = [await stateOf(owner.orgId), await entries(owner.orgId)];
      const forbidden = VERBS.filter(({ action }) => !reachOf(role, action));
      for (const verb of forbidden) {
        const refused = await refusal(verb.call(actor, inputOf(inputs, verb.verb)));
        expect([verb.verb, refused.code]).toEqual([verb.verb, "forbidden"]);
      }
      expect(await stateOf(owner.orgId)).toBe(before);
      const tried = forbidden.filter(writes).map(({ verb }) => ({ action: `${verb}.refused` }));
      expect((await entries(owner.orgId)).slice(noted.length)).toEqual(tried);
    },
  );

  test("accepts or refuses any input with a clear error, and never fails internally", async () => {
    const owner = await setup.organisation();
    const inputs = await setUp(owner);
    const failed: unknown[] = [];
    for (const verb of VERBS)
      for (const input of spoilt(verb, inputOf(inputs, verb.verb)))
        await verb.call(owner, input).catch((error: unknown) => {
          if (!(error instanceof TollgateError))
            failed.push([verb.verb, JSON.stringify(input).slice(0, 200), String(error).slice(-300)]);
        });
    expect(failed).toEqual([]);
    expect(await verifyAudit(owner, {})).toMatchObject({ intact: true });
  });

  test("with ids of another organisation sees and changes nothing of it", async () => {
    const [owner, stranger] = [await setup.organisation("Canary Holdings"), await setup.organisation("Stranger")];
    const inputs = await setUp(owner);
    await setUp(stranger);
    const before = await stateOf(owner.orgId);
    for (const verb of VERBS) {
      const input = inputOf(inputs, verb.verb);
      const outcome = await verb.call(stranger, input).catch((error: unknown) => error);
      if ("id" in input) {
        const random = { ...input, id: "00000000-0000-7000-8000-000000000009" };
        const code = (result: unknown) => (result instanceof Error ? result.message : result);
        const other = await verb.call(stranger, random).catch((error: unknown) => error);
        expect([verb.verb, code(outcome)]).toEqual([verb.verb, code(other)]);
        expect(outcome).toMatchObject({ code: "not_found" });
      }
      expect(JSON.stringify(outcome)).not.toContain("Canary");
    }
    expect(await stateOf(owner.orgId)).toBe(before);
  });
});
