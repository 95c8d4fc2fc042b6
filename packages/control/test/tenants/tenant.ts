import { batchFlag } from "@tollgate/contracts/batch";
import { ROLES, type Role } from "@tollgate/contracts/role";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { createChannel } from "@tollgate/control/channels/create";
import { testChannel } from "@tollgate/control/channels/test";
import type { Context, Services } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { testCredential } from "@tollgate/control/credentials/test";
import { createGuardrail } from "@tollgate/control/guardrails/create";
import { once } from "@tollgate/control/idempotent";
import { createKey } from "@tollgate/control/keys/create";
import { closeMonth } from "@tollgate/control/ledger/close";
import { reconcileUsage } from "@tollgate/control/ledger/reconcile";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { increaseLimit } from "@tollgate/control/limits/increase";
import { revokeIncrease } from "@tollgate/control/limits/revoke-increase";
import { setLimit } from "@tollgate/control/limits/set";
import { createModel } from "@tollgate/control/models/create";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { updateOrganisation } from "@tollgate/control/organisation/update";
import { addMember } from "@tollgate/control/people/add-member";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { contextForToken } from "@tollgate/control/people/context-for-token";
import { signIn } from "@tollgate/control/people/sign-in";
import { setPrice } from "@tollgate/control/prices/set";
import { listMonths } from "@tollgate/control/reports/list-months";
import { updateRetention } from "@tollgate/control/retention/update";
import { createTeam } from "@tollgate/control/teams/create";
import { createToken } from "@tollgate/control/tokens/create";
import { type Ledger, usageEvent } from "../ledger.ts";
import { PASSWORD } from "../test-setup.ts";

/** The nouns of a tenant, each twice. The spare ones are for deletion. */
const NOUNS = [
  "team",
  "credential",
  "model",
  "key",
  "limit",
  "increase",
  "guardrail",
  "channel",
  "token",
  "member",
  "price",
] as const;
type Noun = (typeof NOUNS)[number];

export interface Tenant {
  orgId: string;
  slug: string;
  roles: Record<Role, Context>;
  sessionId: string;
  token: string;
  ids: Record<Noun | "request", string>;
  spare: Record<Noun, string>;
  /** A text that is part of all names of the tenant. */
  mark: string;
}

/** An organisation with at least one object of each noun. All of its texts contain `mark`. */
export async function createTenant(services: Services, ledger: Ledger, mark: string): Promise<Tenant> {
  const sign = async (email: string) => (await signIn(services, { email, password: PASSWORD }, mark)).sessionId;
  const person = (role: string) => ({
    email: `${role}@${mark}.example.com`,
    password: PASSWORD,
    name: `${mark} ${role}`,
  });
  const { slug } = await createOrganisationFor(services, { organisation: mark, owner: person("owner") }, mark);
  const sessionId = await sign(person("owner").email);
  const owner = await contextForSession(services, sessionId, slug, mark);
  const lists = { allow: [`${mark}-*`], deny: [`${mark}-deny`] };
  await updateOrganisation(owner, lists);
  await updateRetention(owner, { requestsDays: 90 });

  const make = async (word: string): Promise<Record<Noun, string>> => {
    const name = `${mark}-${word}`;
    const team = await createTeam(owner, { name, costCentre: name, ...lists });
    const baseUrl = `https://${mark}.example.com/v1`;
    const credential = await createCredential(owner, { name, provider: "openai", baseUrl, secret: `sk-${name}` });
    await testCredential(owner, { id: credential.id });
    await createCredential(owner, { name: `${name}-azure`, provider: "azure", resource: name, secret: `sk-${name}` });
    const target = { credentialId: credential.id, upstreamModel: name, baseModel: name };
    const model = await createModel(owner, { name, targets: [target] });
    const member = await addMember(owner, { ...person(word), role: "developer", teamIds: [team.id], costCentre: name });
    const { key } = await createKey(owner, { name, teamId: team.id, memberId: member.id, costCentre: name, ...lists });
    const limit = await setLimit(owner, {
      scope: "tag",
      subject: `${name}=x`,
      thresholds: [1],
      unit: "usd",
      window: "month",
      amount: "5",
    });
    const raised = await increaseLimit(owner, { id: limit.id, amount: "1", reason: name });
    const guardrail = await createGuardrail(owner, { name, kind: "keyword", patterns: [name], action: "block" });
    const url = `https://${mark}.example.com/hook`;
    const { channel } = await createChannel(owner, { name, kind: "webhook", url });
    await createChannel(owner, { name: `${name}-mail`, kind: "email", addresses: [`${word}@${mark}.example.com`] });
    await testChannel(owner, { id: channel.id });
    const { token } = await createToken(owner, { name, role: "finance" });
    const perMillion = { inputPerMillionUsd: "1", outputPerMillionUsd: "2" };
    const from = new Date(owner.services.now() - DAY_MS).toISOString();
    const price = await setPrice(owner, { provider: "openai", upstreamModel: name, from, ...perMillion });
    return {
      team: team.id,
      credential: credential.id,
      model: model.id,
      key: key.id,
      limit: limit.id,
      increase: raised.increases[0]?.id ?? "",
      guardrail: guardrail.id,
      channel: channel.id,
      token: token.id,
      member: member.id,
      price: price.id,
    };
  };

  const roles = { owner } as Record<Role, Context>;
  for (const role of ROLES.filter((each) => each !== "owner")) {
    await addMember(owner, { ...person(role), role });
    roles[role] = await contextForSession(services, await sign(person(role).email), slug, mark);
  }
  // The spare ones come last: only they depend on each other.
  const [ids, spare] = [await make("main"), await make("spare")];
  const raised = await increaseLimit(owner, { id: ids.limit, amount: "1", reason: mark });
  await revokeIncrease(owner, { id: raised.increases[0]?.id ?? "" });
  await setLimit(owner, { scope: "team", subject: ids.team, unit: "usd", window: "total", amount: "5" });
  const { secret: token } = await createToken(owner, { name: `${mark}-bearer`, role: "admin" });
  const bearer = await contextForToken(services, token, mark);
  await once(bearer, { key: mark, request: mark, bearer: token }, async () => ({ status: 201, body: mark }));

  // The request whose price was added later: its adjustment is shown too.
  const request = (await spend(ledger, owner, ids, mark)).at(-1) ?? "";
  await runMaintenance(ledger, owner, mark);
  await reconcileUsage(owner, {});
  // Marks hours for the next check.
  await spend(ledger, owner, ids, mark);
  // Last, because the next audit entry would include it.
  await signIn(services, { email: person("owner").email, password: "not the password" }, mark).catch(() => {});
  return { orgId: owner.orgId, slug, roles, sessionId, token, ids: { ...ids, request }, spare, mark };
}

const DAY_MS = 86_400_000;
/** A request a minute, some hours and some days ago, each read from another roll-up, and some in past months. */
const AGES_MS = [60_000, 3 * 3_600_000, 3 * DAY_MS, 40 * DAY_MS, 75 * DAY_MS];

/** Closes the first month and prices unpriced requests. */
async function runMaintenance(ledger: Ledger, owner: Context, mark: string): Promise<void> {
  const nowMs = owner.services.now();
  const { items } = await listMonths(owner, {});
  await closeMonth(owner, { month: items.findLast(({ state }) => state === "open")?.month ?? "" });
  const from = new Date(nowMs - DAY_MS).toISOString();
  await rerateUsage(owner, { from, model: mark, provider: "openai", note: mark });
  await ledger.runMaintenance(nowMs);
  await ledger.check(nowMs);
}

async function spend(ledger: Ledger, owner: Context, ids: Record<Noun, string>, mark: string): Promise<string[]> {
  const attempt = { targetId: mark, provider: mark, upstreamModel: mark, status: 500, error: mark, message: mark };
  const fields: Partial<UsageEvent> = {
    teamId: ids.team,
    memberId: ids.member,
    keyId: ids.key,
    modelId: ids.model,
    model: mark,
    provider: mark,
    upstreamModel: mark,
    credentialId: ids.credential,
    error: mark,
    errorMessage: mark,
    surface: mark,
    attempts: [{ ...attempt, startedMs: 0, durationMs: 1, use: null, costNano: null }],
    priceVersion: mark,
    flags: [mark],
    guardrails: [{ ruleId: mark, name: mark, action: "flag", shadow: false, count: 1 }],
    tags: { [mark]: mark, [`${mark}-main`]: "x" },
    customer: mark,
    session: mark,
    endUser: mark,
    costCentre: mark,
    clientRequestId: mark,
    metadata: JSON.stringify({ mark }),
  };
  const events = AGES_MS.map((ageMs) => usageEvent(owner.orgId, owner.services.now() - ageMs, fields));
  const unpriced: Partial<UsageEvent> = {
    provider: "openai",
    upstreamModel: `${mark}-main`,
    attempts: [],
    costNano: null,
  };
  events.push(usageEvent(owner.orgId, owner.services.now() - 120_000, { ...fields, ...unpriced, pricing: "unpriced" }));
  const created = { surface: "batches", status: 200, flags: [batchFlag(mark)], use: { input: 0, output: 0 } };
  events.push(
    usageEvent(owner.orgId, owner.services.now() - 90_000, { ...fields, ...unpriced, ...created, attempts: [] }),
  );
  await ledger.ingest(events);
  return events.map(({ id }) => id);
}
