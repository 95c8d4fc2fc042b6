import { query } from "@tollgate/testkit/cluster";
import type { Shape } from "./shape.ts";
import { idSql, orgSql } from "./sql-ids.ts";

/** One key in twenty is revoked. */
const STATE = "(case when n % 20 = 7 then 'revoked' else 'active' end)::key_state";
const A_YEAR = "timestamptz 'NOW' - interval '360 days'";

const series = (count: number): string => `generate_series(0, ${count - 1}) as n`;

/** Small organisations with one owner, team, credential and model each. */
const small = ({ organisations }: Shape): string[] => {
  const each = `from generate_series(1, ${organisations - 1}) as o`;
  return [
    `insert into organisation (id, slug, name, created_at)
     select ${idSql("organisation", "o", "0")}, 'small-' || o, 'Small ' || o, ${A_YEAR} ${each}`,
    `insert into app_user (id, email, name) select ${idSql("user", "o", "0")}, 'owner-' || o || '@example.test', 'Owner ' || o ${each}`,
    `insert into membership (id, org_id, user_id, role)
     select ${idSql("member", "o", "0")}, ${idSql("organisation", "o", "0")}, ${idSql("user", "o", "0")}, 'owner' ${each}`,
    `insert into team (id, org_id, name) select ${idSql("team", "o", "0")}, ${idSql("organisation", "o", "0")}, 'Team' ${each}`,
    `insert into credential (id, org_id, name, provider, base_url, sealed, last_four)
     select ${idSql("credential", "o", "0")}, ${idSql("organisation", "o", "0")}, 'OpenAI', 'openai', 'https://api.openai.com/v1', 'x', 'abcd' ${each}`,
    `insert into model (id, org_id, name) select ${idSql("model", "o", "0")}, ${idSql("organisation", "o", "0")}, 'gpt-5' ${each}`,
    `insert into target (id, org_id, model_id, credential_id, upstream_model)
     select ${idSql("model", "o", "0")}, ${idSql("organisation", "o", "0")}, ${idSql("model", "o", "0")}, ${idSql("credential", "o", "0")}, 'gpt-5' ${each}`,
  ];
};

const large = ({ members, teams, models, credentials, audit, alerts }: Shape): string[] => [
  `insert into app_user (id, email, name)
   select ${idSql("user", "0", "n")}, 'person-' || n || '@example.test', 'Person ' || n from ${series(members)}`,
  `insert into membership (id, org_id, user_id, role, created_at)
   select ${idSql("member", "0", "n")}, 'LARGE', ${idSql("user", "0", "n")}, 'developer', ${A_YEAR} + n * interval '1 hour'
   from ${series(members)}`,
  `insert into team (id, org_id, name) select ${idSql("team", "0", "n")}, 'LARGE', 'Team ' || n from ${series(teams)}`,
  `insert into team_membership (id, org_id, team_id, member_id)
   select ${idSql("member", "1", "n")}, 'LARGE', ${idSql("team", "0", `n % ${teams}`)}, ${idSql("member", "0", "n")} from ${series(members)}`,
  `insert into credential (id, org_id, name, provider, base_url, sealed, last_four)
   select ${idSql("credential", "0", "n")}, 'LARGE', 'Credential ' || n, 'openai', 'https://api.openai.com/v1', 'x', 'abcd'
   from ${series(credentials)}`,
  `insert into model (id, org_id, name) select ${idSql("model", "0", "n")}, 'LARGE', 'model-' || n from ${series(models)}`,
  `insert into target (id, org_id, model_id, credential_id, upstream_model)
   select ${idSql("model", "0", "n")}, 'LARGE', ${idSql("model", "0", "n")}, ${idSql("credential", "0", `n % ${credentials}`)}, 'gpt-5'
   from ${series(models)}`,
  `insert into audit_entry (org_id, sequence, at, actor_kind, actor_name, action, subject, before, after, hash)
   select 'LARGE', (select max(sequence) from audit_entry where org_id = 'LARGE') + 1 + n, ${A_YEAR} + n * interval '1 minute',
     'user', 'Person ' || n % ${members}, 'keys.update', 'key ' || ${idSql("key", "0", "n")}, '{"state":"active"}', '{"state":"disabled"}', md5(n::text)
   from ${series(audit)}`,
  `insert into alert (id, org_id, kind, limit_id, subject, window_start, facts, raised_at)
   select uuidv7(), 'LARGE', 'test', uuidv7(), n::text, now(), '{"kind":"test","channelName":"Slack","askedBy":"Ada"}',
     ${A_YEAR} + n * interval '1 minute'
   from ${series(alerts)}`,
];

/** The number of each key over all organisations, and of its organisation and within it. */
const keysOf = ({ keys, largeKeys, organisations }: Shape): string => `(
  select n as no, 0 as o, n from ${series(largeKeys)}
  union all
  select ${largeKeys} + n, 1 + n % ${organisations - 1}, n / ${organisations - 1} from ${series(keys - largeKeys)}
) as k`;

/** Keys' public ids are spread, as random ones are, and unique: an odd factor maps 32 bits one to one. */
const keys = (shape: Shape): string[] => [
  `insert into virtual_key (id, org_id, public_id, name, last_four, state, team_id, member_id, created_at, last_used_at, revoked_at)
   select ${idSql("key", "o", "n")}, ${orgSql("LARGE", "o")},
     lpad(to_hex((no::bigint * 2654435761) % 4294967296), 10, 'k'), 'key-' || n || '-' || substr(md5(no::text), 1, 6), 'abcd', ${STATE},
     case when o = 0 then ${idSql("team", "0", `n % ${shape.teams}`)} end,
     case when o = 0 and n % 5 > 0 then ${idSql("member", "0", `n % ${shape.members}`)} end,
     ${A_YEAR} + random() * interval '350 days', timestamptz 'NOW' - random() * interval '30 days',
     case when n % 20 = 7 then timestamptz 'NOW' end
   from ${keysOf(shape)}`,
  `insert into key_secret (id, org_id, key_id, hash)
   select ${idSql("key", "o", "n")}, ${orgSql("LARGE", "o")}, ${idSql("key", "o", "n")}, md5(no::text) || md5((no + 1)::text) from ${keysOf(shape)}`,
];

const KINDS_OF_LIMITS = `(values (0, 'key', ${idSql("key", "0", "n")}::text), (1, 'member', ${idSql("member", "0", "n % MEMBERS")}::text),
  (2, 'team', ${idSql("team", "0", "n % TEAMS")}::text), (3, 'customer', 'customer-' || n % 200), (4, 'tag', 'feature=feature-' || n % 20)
) as kind (no, scope, subject)`;

/** Limits of the large organisation, and a monthly one of each active one. Their counters are to be filled by the worker's job. */
const limits = ({ limits, members, teams, active }: Shape): string[] => [
  `insert into usage_limit (id, org_id, scope, subject, unit, "window", amount, thresholds, filling)
   select uuidv7(), 'LARGE', kind.scope::limit_scope, kind.subject, 'usd', 'month', 1000000000000000, '{80}', 'pending'
   from ${series(limits)} cross join lateral ${KINDS_OF_LIMITS.replace("MEMBERS", String(members)).replace("TEAMS", String(teams))}
   where kind.no = n % 5`,
  `insert into usage_limit (id, org_id, scope, unit, "window", amount, thresholds, filling)
   select uuidv7(), ${idSql("organisation", "o", "0")}, 'organisation', 'usd', 'month', 1000000000000000, '{80}', 'pending'
   from generate_series(1, ${active}) as o`,
];

/**
 * Adds all that proxies and pages read, except usage: with SQL, because a million calls of verbs take hours. Triggers are off,
 * so the change log stays empty, as it is after its retention.
 */
export const fillPolicy = (ownerUrl: string, largeId: string, shape: Shape, nowMs: number): Promise<unknown> =>
  query(
    ownerUrl,
    "set session_replication_role = replica",
    "select setseed(0.5)",
    ...[...small(shape), ...large(shape), ...keys(shape), ...limits(shape)].map((statement) =>
      statement.replaceAll("LARGE", largeId).replaceAll("NOW", new Date(nowMs).toISOString()),
    ),
    "analyze",
  );
