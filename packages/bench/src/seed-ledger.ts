import { openLedger } from "@tollgate/control/ledger/open-ledger";
import type { RollUp } from "@tollgate/control/rollups/roll-up";
import { columnsOf, rollUpsOf, rowsOf } from "@tollgate/control/rollups/roll-up-sql";
import { query } from "@tollgate/testkit/cluster";

/** The measured organisation: every key calls every model, so that no roll-up is small by chance. */
const KEYS = 200;
const MODELS = 20;
const TEAMS = 10;
const MEMBERS = 50;
/** Events of all other organisations, in per cent of its events, and the number of those organisations. */
const OTHERS_PERCENT = 10;
const OTHERS = 100;
/** The days before those have a tenth of the events. */
const DAYS = 60;

const id = (kind: number, n: string): string =>
  `('00000000-0000-7000-8${kind}00-' || lpad((${n})::text, 12, '0'))::uuid`;

/** A value for `teamId` in a query. */
export const A_TEAM = "00000000-0000-7000-8100-000000000003";

/** Lines as `roll-up-sql` expects them. Random calls, evenly over the day. */
const LINES = `
  create temporary table lines as
  select case when n % 100 < ${OTHERS_PERCENT} then ${id(4, `(random() * ${OTHERS})::integer`)} else $org$ORG$org$::uuid end as org_id,
    ${id(1, `k.no % ${TEAMS}`)} as team_id, ${id(2, `k.no % ${MEMBERS}`)} as member_id,
    ${id(3, "k.no")} as key_id, 'model-' || (random() * ${MODELS})::integer % ${MODELS} as model,
    'provider-' || n % 3 as provider, case when random() < 0.02 then 429 else 200 end as status, 'off' as cache,
    'complete' as outcome, '{}'::jsonb as tags, null::text as customer, null::text as session,
    null::text as end_user, null::text as cost_centre, 1000 * random() as total_ms,
    200 * random() as first_token_ms, timestamptz 'DAY' as at, timestamptz 'DAY' + random() * interval '1 day' as booked_at, 1 as requests,
    (random() < 0.01)::integer as unpriced, (random() * 2000)::integer as input_tokens, 0 as cache_read_tokens,
    0 as cache_write_5m_tokens, 0 as cache_write_1h_tokens, (random() * 500)::integer as output_tokens,
    0 as reasoning_tokens, null::jsonb as use, (random() * 5000000)::bigint::numeric as cost_nano, 0::numeric as counted_extra_nano
  from generate_series(1, COUNT) as n cross join lateral (select (random() * ${KEYS})::integer % ${KEYS} + 0 * n as no) as k`;

const DAY_MS = 86_400_000;

/** Names that the page looks up for the groups of the roll-ups. */
const NAMES = `
  insert into team (id, org_id, name) select ${id(1, "n")}, 'ORG', 'Team ' || n from generate_series(0, ${TEAMS - 1}) as n;
  insert into virtual_key (id, org_id, public_id, name, last_four)
  select ${id(3, "n")}, 'ORG', lpad(n::text, 10, 'k'), 'key-' || n, 'abcd' from generate_series(0, ${KEYS - 1}) as n`;

/** Only the roll-ups that the Spend page reads. */
const SEEDED = rollUpsOf().filter(({ table }) => /usage_(minute|hour|day|group)/.test(table));

/** The tables are empty, so there are no conflicts. */
const fill = (rollUp: RollUp): string => `insert into ${rollUp.table} (${columnsOf(rollUp)}) ${rowsOf(rollUp)}`;

/**
 * Fills the roll-ups with the product's own SQL, as if `events` calls had been made in the 30 days (UTC) before the day of
 * `untilMs`, a tenth as many in the 30 days before, and calls of other organisations.
 */
export async function seedLedger(ownerUrl: string, orgId: string, events: number, untilMs: number): Promise<void> {
  const today = Math.floor(untilMs / DAY_MS) * DAY_MS;
  const days = Array.from({ length: DAYS }, (_, index) => DAYS - index);
  await query(
    ownerUrl,
    NAMES.replaceAll("ORG", orgId),
    "set work_mem = '256MB'",
    "set jit = off",
    "select setseed(0.5)",
    ...days.flatMap((ago) => {
      const share = ago > DAYS / 2 ? 0.1 : 1;
      const count = Math.round((events * share * 2 * (100 / (100 - OTHERS_PERCENT))) / DAYS);
      const lines = LINES.replace("ORG", orgId)
        .replaceAll("DAY", new Date(today - ago * DAY_MS).toISOString())
        .replace("COUNT", String(count));
      return [lines, ...SEEDED.map(fill), "drop table lines"];
    }),
  );
  const ledger = openLedger({ databaseUrl: ownerUrl, eventKeys: [], onError: () => {} });
  try {
    while ((await ledger.sumTotals()) > 0);
  } finally {
    await ledger.close();
  }
  await query(
    ownerUrl,
    ...[...SEEDED.map(({ table }) => table), "usage_total"].map((table) => `vacuum analyze ${table}`),
  );
}
