import { ATTRIBUTION_GROUPS, GROUPS } from "@tollgate/control/reports/schemas";
import type { Tenant } from "./tenant.ts";

type Sample = (own: Tenant) => object;

const nothing: Sample = () => ({});
const main =
  (noun: keyof Tenant["ids"]): Sample =>
  ({ ids }) => ({ id: ids[noun] });
const spare =
  (noun: keyof Tenant["spare"]): Sample =>
  (own) => ({ id: own.spare[noun] });

const weekBefore = ({ roles }: Tenant): string => new Date(roles.owner.services.now() - 7 * 86_400_000).toISOString();

/** Reads roll-ups by hour. */
const hoursBefore = ({ roles }: Tenant): string => new Date(roles.owner.services.now() - 5 * 3_600_000).toISOString();

const monthBefore = ({ roles }: Tenant): string => {
  const day = new Date(roles.owner.services.now());
  day.setUTCDate(0);
  return day.toISOString().slice(0, 7);
};

/** Inputs for each verb that an owner may use, with deletions last. */
export const SAMPLES: Record<string, readonly Sample[]> = {
  "organisation.get": [nothing],
  "organisation.update": [() => ({ budgetErrorStatus: 429, directModels: true, keepsResponses: false })],
  "teams.list": [nothing],
  "teams.get": [main("team")],
  "teams.create": [() => ({ name: "made" })],
  "teams.update": [({ ids }) => ({ id: ids.team, deny: [], costCentre: "4711" })],
  "members.list": [nothing],
  "members.get": [main("member")],
  "members.add": [
    ({ ids }) => ({
      email: "made@example.com",
      name: "made",
      password: "correct horse",
      role: "finance",
      teamIds: [ids.team],
    }),
  ],
  "members.update": [({ ids }) => ({ id: ids.member, teamIds: [ids.team], costCentre: "4712" })],
  "catalogue.providers": [nothing],
  "catalogue.models": [() => ({ provider: "openai" })],
  "credentials.list": [nothing],
  "credentials.get": [main("credential")],
  "credentials.create": [() => ({ name: "made", provider: "openai", secret: "sk-made-12345" })],
  "credentials.update": [({ ids }) => ({ id: ids.credential, secret: "sk-made-67890" })],
  "credentials.test": [main("credential")],
  "credentials.discover": [main("credential")],
  "credentials.models": [main("credential")],
  "models.list": [nothing],
  "models.get": [main("model")],
  "models.create": [({ ids }) => ({ name: "made", targets: [{ credentialId: ids.credential, upstreamModel: "m" }] })],
  "models.update": [({ ids }) => ({ id: ids.model, targets: [{ credentialId: ids.credential, upstreamModel: "n" }] })],
  "prices.list": [nothing],
  "prices.set": [() => ({ provider: "openai", upstreamModel: "m", inputPerMillionUsd: "1", outputPerMillionUsd: "2" })],
  "keys.list": [nothing, () => ({ revoked: true }), () => ({ costCentre: "4711" })],
  "keys.get": [main("key")],
  "keys.create": [({ ids }) => ({ name: "made", teamId: ids.team, memberId: ids.member, costCentre: "4711" })],
  "keys.update": [({ ids }) => ({ id: ids.key, state: "disabled", costCentre: "4711" })],
  "limits.list": [nothing, () => ({ sort: "-used" })],
  "limits.get": [main("limit")],
  "limits.set": (["team", "member", "key", "model", "credential"] as const).map((scope) => ({ ids }: Tenant) => ({
    scope,
    subject: ids[scope],
    unit: "usd",
    window: "day",
    amount: "1",
  })),
  "limits.change": [({ ids }) => ({ id: ids.limit, amount: "7" })],
  "limits.increase": [({ ids }) => ({ id: ids.limit, amount: "2", reason: "made" })],
  "batches.list": [nothing, () => ({ state: "open" })],
  // The last request of a tenant creates a batch.
  "batches.cancel": [({ ids }) => ({ id: ids.request })],
  "alerts.list": [nothing],
  "channels.list": [nothing],
  "channels.get": [main("channel")],
  "channels.create": [() => ({ name: "made", kind: "email", addresses: ["made@example.com"] })],
  "channels.update": [({ ids }) => ({ id: ids.channel, events: ["threshold"] })],
  "channels.rotate": [main("channel")],
  "channels.test": [main("channel")],
  "guardrails.list": [nothing],
  "guardrails.get": [main("guardrail")],
  "guardrails.create": [() => ({ name: "made", kind: "keyword", patterns: ["x"], action: "flag" })],
  "guardrails.update": [({ ids }) => ({ id: ids.guardrail, action: "redact" })],
  "tokens.list": [nothing],
  "tokens.create": [() => ({ name: "made", role: "finance" })],
  // Of a day that is over, the totals are read instead of the hours.
  "usage.overview": [() => ({ hours: 48 }), () => ({ hours: 1 })],
  "usage.export": [(own) => ({ groupBy: "key", from: weekBefore(own) })],
  "usage.exportGroups": [(own) => ({ groupBy: "key", from: weekBefore(own), after: null })],
  "usage.exportRows": [
    (own) => ({ groupBy: "key", from: weekBefore(own), ids: [own.ids.key] }),
    (own) => ({ groupBy: "provider", from: weekBefore(own), ids: ["openai"] }),
  ],
  // A query with a filter reads other roll-ups.
  "usage.spend": [
    ...[...GROUPS, ...ATTRIBUTION_GROUPS].map((groupBy) => (own: Tenant) => ({
      groupBy,
      from: weekBefore(own),
    })),
    (own) => ({ model: own.mark, from: weekBefore(own) }),
    (own) => ({ customer: own.mark, groupBy: "none", from: weekBefore(own) }),
    (own) => ({ groupBy: "customer", from: hoursBefore(own) }),
    (own) => ({ model: own.mark, groupBy: "key", from: weekBefore(own) }),
  ],
  "usage.requests": [
    nothing,
    ({ mark }) => ({ text: mark }),
    ({ mark }) => ({ endUser: mark }),
    ({ mark }) => ({ costCentre: mark }),
  ],
  "usage.runs": [nothing, ({ mark }) => ({ search: mark })],
  "usage.request": [main("request")],
  "usage.maintenance": [nothing],
  "usage.reconcile": [nothing],
  "usage.rebuild": [(own) => ({ from: weekBefore(own) })],
  "usage.rerate": [(own) => ({ from: weekBefore(own) })],
  "usage.months": [nothing],
  "usage.close": [(own) => ({ month: monthBefore(own) })],
  "audit.list": [nothing],
  "audit.verify": [nothing],
  "retention.get": [nothing],
  "retention.update": [() => ({ requestsDays: 90 })],
  "keys.bulk-create": [
    ({ ids }) => ({ items: [{ name: "made", teamId: ids.team, memberId: ids.member }] }),
    ({ mark }) => ({ items: [{ name: "made", team: `${mark}-main`, member: `main@${mark}.example.com` }] }),
  ],
  "keys.bulk-update": [({ ids }) => ({ items: [{ id: ids.key, state: "disabled" }] })],
  "keys.revoke": [spare("key")],
  "keys.bulk-revoke": [({ spare }) => ({ ids: [spare.key] })],
  "prices.delete": [spare("price")],
  "tokens.revoke": [spare("token")],
  "increases.revoke": [spare("increase")],
  "limits.bulk-set": [
    ...(["team", "member", "key", "model"] as const).map((scope) => ({ ids }: Tenant) => ({
      items: [{ scope, subject: ids[scope], unit: "usd", window: "day", amount: "1" }],
    })),
    ({ mark }) => ({
      items: [{ scope: "team", subjectName: `${mark}-main`, unit: "usd", window: "day", amount: "1" }],
    }),
  ],
  "limits.bulk-change": [({ ids }) => ({ items: [{ id: ids.limit, amount: "7" }] })],
  "limits.delete": [spare("limit")],
  "limits.bulk-delete": [({ ids }) => ({ ids: [ids.limit] })],
  "channels.delete": [spare("channel")],
  "guardrails.delete": [spare("guardrail")],
  "models.delete": [spare("model")],
  "credentials.delete": [spare("credential")],
  "members.remove": [spare("member")],
  "teams.delete": [spare("team")],
};
