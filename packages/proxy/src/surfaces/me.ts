import { type Grant, type OrgPolicy, refusingList } from "@tollgate/contracts/grant";
import type { Limit } from "@tollgate/contracts/limit";
import { usdString } from "@tollgate/contracts/money";
import { type BearingEntry, holdEntries } from "@tollgate/limits/decide";
import type { CounterState } from "@tollgate/limits/store";
import { isActiveAt, leftOf } from "@tollgate/policy/limit-cap";
import { subjectsOfAttempt, subjectsOfCall } from "@tollgate/policy/limit-subjects";
import { openAiError } from "../wires/error-wording.ts";
import type { Caller } from "./caller.ts";
import type { ReadSurface } from "./surface.ts";

const shown = (unit: Limit["unit"], amount: bigint): string | number =>
  unit === "usd" ? usdString(amount) : Number(amount);

function presentLimit(entry: BearingEntry, state: CounterState, atMs: number, { org }: Grant) {
  const { limit, unit, cap, resetsAtMs } = entry;
  return {
    id: limit.id,
    scope: limit.scope,
    subject: limit.scope === "credential" ? nameOf(org, entry.subject) : limit.subjectName,
    unit,
    window: limit.window,
    mode: limit.mode,
    amount: shown(unit, cap),
    increases: limit.increases
      .filter((increase) => isActiveAt(increase, atMs))
      .map(({ amount, untilMs }) => ({ amount: shown(unit, amount), until: new Date(untilMs).toISOString() })),
    used: shown(unit, state.committed),
    held: shown(unit, state.held),
    left: shown(unit, leftOf(cap, state.committed + state.held)),
    resets_at: resetsAtMs === null ? null : new Date(resetsAtMs).toISOString(),
  };
}

const nameOf = ({ credentials }: OrgPolicy, id: string): string | null =>
  credentials.find((credential) => credential.id === id)?.name ?? null;

/** The credentials of the models that the key may use. */
function credentialsOf(grant: Grant): Set<string> {
  const models = grant.org.models.filter(({ name }) => refusingList(grant, name) === null);
  return new Set(models.flatMap(({ targets }) => targets.map(({ credentialId }) => credentialId)));
}

const lists = ({ org, team, key }: Grant) =>
  [org, team, key].flatMap((list) => (list ? [{ allow: list.allow, deny: list.deny }] : []));

/** `GET /v1/me`: the key, its rights, and every limit that applies with the amount left. */
export const me: ReadSurface = {
  kind: "read",
  name: "me",
  method: "GET",
  errors: openAiError,
  async answer(ports, { grant, labels, exchange }: Caller) {
    const { org, team, key } = grant;
    const subjects = subjectsOfCall(grant, null, labels, null);
    const entries = [
      subjects,
      ...[...credentialsOf(grant)].map((credentialId) => subjectsOfAttempt(subjects, credentialId)),
    ].flatMap((each) =>
      holdEntries(org.limits, {
        subjects: each,
        atMs: exchange.atMs,
        zones: org,
        amounts: { usd: 0n, tokens: 0n },
      }),
    );
    const counters = entries.map(({ counter }) => counter);
    const states = await ports.limits.read(org.id, counters);
    const body = {
      object: "key",
      id: key.id,
      name: key.name,
      kind: key.kind,
      organisation: { id: org.id, name: org.name },
      team: team && { id: team.id, name: team.name },
      expires_at: key.expiresAtMs === null ? null : new Date(key.expiresAtMs).toISOString(),
      lists: lists(grant),
      limits: entries.map((entry, index) =>
        presentLimit(entry, states[index] ?? { committed: 0n, held: 0n }, exchange.atMs, grant),
      ),
    };
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  },
};
