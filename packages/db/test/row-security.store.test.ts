import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** Tables without a tenant. All others must have org_id and the rules for tenant tables. */
const NOBODYS = [
  "_prisma_migrations",
  "organisation",
  "app_user",
  "user_session",
  "sign_in_attempt",
  "spool_cursor",
  "usage_quarantine",
  "usage_kept",
  "alert_look",
  "proxy_lease",
  "policy_change",
];
/** Tables of those that still hide rows: the tenant itself, or a person's own rows. */
const HIDING = ["organisation", "app_user", "user_session"];
/** Unique over all tenants: read before the tenant is known, or random. */
const UNIQUE_OVER_ALL = ["id", "public_id"];
/** The ledger has no foreign keys: it outlives the objects it refers to. */
const LEDGER = [
  "limit_counter",
  "usage_event",
  "usage_adjustment",
  "usage_minute",
  "usage_hour",
  "usage_day",
  "usage_group",
  "usage_latency",
  "usage_label",
  "usage_attribution_hour",
  "usage_attribution_day",
  "usage_value",
  "usage_value_month",
  "usage_reshape",
  "usage_run",
  "usage_touched",
  "usage_total",
  "usage_total_fill",
  "usage_total_stale",
];

let database: TestDatabase;
let tables: { name: string; rls: boolean; forced: boolean; tenant: boolean; partition: boolean }[];

beforeAll(async () => {
  database = await testDatabase();
  tables = await query(
    database.ownerUrl,
    "SELECT ensure_usage_partition('2026-01-15')",
    `SELECT c.relname AS name, c.relrowsecurity AS rls, c.relforcerowsecurity AS forced, c.relispartition AS partition,
       EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'org_id') AS tenant
     FROM pg_class AS c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`,
  );
});
afterAll(() => database.drop());

const tenantTables = () => tables.filter(({ tenant, partition }) => tenant && !partition).map(({ name }) => name);

describe("every table", () => {
  test("belongs to a tenant or is listed as having none", () => {
    expect(tables.filter(({ tenant }) => !tenant).map(({ name }) => name)).toEqual(NOBODYS.toSorted());
    expect(tenantTables().length).toBeGreaterThan(15);
  });

  test("of a tenant forces row security, partitions too", () => {
    const open = tables.filter(
      ({ name, tenant, rls, forced }) => (tenant || HIDING.includes(name)) && !(rls && forced),
    );
    expect(open).toEqual([]);
    expect(tables.some(({ partition }) => partition)).toBe(true);
  });

  test("of a tenant lets control read and write only the tenant's rows", async () => {
    const policies = await query<{ name: string; cmd: string; qual: string; check: string }>(
      database.ownerUrl,
      `SELECT tablename AS name, cmd, qual, with_check AS check FROM pg_policies
       WHERE policyname = 'tenant' AND roles = '{tollgate_control}' AND tablename <> 'organisation' ORDER BY 1`,
    );
    expect(policies.map(({ name }) => name)).toEqual(tenantTables());
    const predicate = "(org_id = ( SELECT tenant() AS tenant))";
    for (const { cmd, qual, check } of policies) {
      expect({ cmd, qual, check }).toEqual({ cmd: "ALL", qual: predicate, check: predicate });
    }
  });

  test("gives control no other policy except for actions before sign-in", async () => {
    const others = await query(
      database.ownerUrl,
      `SELECT tablename || ' ' || policyname || ' ' || cmd AS policy FROM pg_policies
       WHERE 'tollgate_control' = ANY (roles) AND policyname <> 'tenant' ORDER BY 1`,
    );
    expect(others.map(({ policy }) => policy)).toEqual([
      "admin_token bearer SELECT",
      "app_user colleague SELECT",
      "app_user self ALL",
      "app_user signing_in SELECT",
      "membership own SELECT",
      "organisation own SELECT",
      "user_session bearer ALL",
      "user_session self ALL",
    ]);
    expect(await query(database.ownerUrl, "SELECT FROM pg_policies WHERE 'public' = ANY (roles)")).toEqual([]);
  });

  test("shows control nothing because of a setting that anyone can set", async () => {
    const trusting = await query(
      database.ownerUrl,
      `SELECT tablename, policyname FROM pg_policies
       WHERE 'tollgate_control' = ANY (roles) AND concat(qual, with_check) LIKE '%current_setting%'
         AND coalesce(qual, '') NOT LIKE '(( SELECT takes_unsealed()%'`,
    );
    expect(trusting).toEqual([]);
  });

  test("refers to a tenant's rows by keys that include the tenant", async () => {
    const keys = await query<{ from: string; to: string; columns: string[]; targets: string[] }>(
      database.ownerUrl,
      `CREATE FUNCTION pg_temp.columns_of(regclass, smallint[]) RETURNS text[] RETURN ARRAY(
         SELECT attname FROM unnest($2) WITH ORDINALITY AS k (n, place)
         JOIN pg_attribute ON attrelid = $1 AND attnum = k.n ORDER BY k.place)`,
      `SELECT k.conrelid::regclass::text AS from, k.confrelid::regclass::text AS to,
         pg_temp.columns_of(k.conrelid, k.conkey) AS columns,
         pg_temp.columns_of(k.confrelid, k.confkey) AS targets
       FROM pg_constraint AS k WHERE k.contype = 'f'`,
    );
    const loose = keys.filter(({ to, columns, targets }) => {
      if (to === "organisation") return columns.join() !== "org_id";
      return tenantTables().includes(to) && !(columns[0] === "org_id" && targets.join() === "org_id,id");
    });
    expect(loose).toEqual([]);
    const anchored = new Set(keys.filter(({ columns }) => columns[0] === "org_id").map(({ from }) => from));
    expect(tenantTables().filter((name) => !anchored.has(name))).toEqual(LEDGER.toSorted());
  });

  test("of a tenant is unique within the tenant", async () => {
    const indexes = await query<{ table: string; index: string; columns: string[] }>(
      database.ownerUrl,
      `SELECT i.indrelid::regclass::text AS table, i.indexrelid::regclass::text AS index,
         ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, true) FROM generate_series(1, i.indnkeyatts) AS n) AS columns
       FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
       WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition`,
    );
    const wide = indexes
      .filter(({ table }) => tenantTables().includes(table))
      .filter(({ columns }) => columns[0] !== "org_id" && !UNIQUE_OVER_ALL.includes(columns.join()));
    expect(wide).toEqual([]);
  });
});

describe("every role", () => {
  test("owns no table it uses and cannot bypass row security", async () => {
    const roles = await query(
      database.ownerUrl,
      `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname LIKE 'tollgate\\_%'`,
    );
    expect(roles).toHaveLength(5);
    for (const { rolname: _, ...powers } of roles) {
      expect(powers).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false });
    }
    const owned = await query<{ name: string; owner: string }>(
      database.ownerUrl,
      `SELECT relname AS name, relowner::regrole::text AS owner FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relowner::regrole::text LIKE 'tollgate\\_%' ORDER BY 1`,
    );
    expect(new Set(owned.map(({ owner }) => owner))).toEqual(new Set(["tollgate_directory"]));
    const members = await query(
      database.ownerUrl,
      `SELECT FROM pg_auth_members WHERE member::regrole::text LIKE 'tollgate\\_%'`,
    );
    expect(members).toEqual([]);
  });

  test("has only the listed rights, by column where not on the whole table", async () => {
    expect(await grants()).toMatchInlineSnapshot(`
      "tollgate_control: delete insert select on price_override sign_in_attempt
      tollgate_control: delete insert select update on admin_token credential guardrail idempotent_request key_secret limit_counter membership model spend_limit target team team_membership usage_limit user_session virtual_key
      tollgate_control: delete select on learnt_difference sign_in_failure
      tollgate_control: insert on proxy_task(begin_by) proxy_task(credential_id) proxy_task(id) proxy_task(input) proxy_task(kind) proxy_task(lease_ms) proxy_task(org_id) proxy_task(wait_until) retention(org_id)
      tollgate_control: insert select on alert alert_delivery audit_entry bookkeeping ledger_maintenance limit_increase
      tollgate_control: insert select update on channel
      tollgate_control: insert update on retention(alerts_days) retention(requests_days)
      tollgate_control: select on app_user(created_at) app_user(email) app_user(id) batch closed_month house installation ledger_check proxy_task retention usage_adjustment usage_attribution_day usage_attribution_hour usage_day usage_event usage_group usage_hour usage_kept usage_label usage_latency usage_minute usage_rated usage_reshape usage_run usage_total usage_total_fill usage_total_stale usage_touched usage_value usage_value_month
      tollgate_control: select update on app_user(name) organisation
      tollgate_control: update on app_user(password_hash) batch(cancel_asked_at) batch(next_poll_at) limit_increase(revoked_at) limit_increase(revoked_by) proxy_task(outdated)
      tollgate_directory: delete insert select on policy_change
      tollgate_directory: delete insert select update on proxy_lease
      tollgate_directory: delete on usage_event
      tollgate_directory: insert on proxy_task(begin_by) proxy_task(credential_id) proxy_task(id) proxy_task(kind) proxy_task(lease_ms) proxy_task(org_id) proxy_task(wait_until) sign_in_attempt
      tollgate_directory: insert select update on sign_in_failure
      tollgate_directory: select on app_user(email) app_user(id) app_user(name) batch credential guardrail key_secret limit_counter limit_increase membership model organisation price_override proxy_task retention(org_id) retention(requests_since) spool_cursor target team usage_adjustment(cost_nano) usage_adjustment(event_id) usage_adjustment(org_id) usage_adjustment(reason) usage_event(cache) usage_event(client_request_id) usage_event(cost_centre) usage_event(cost_nano) usage_event(customer) usage_event(end_user) usage_event(error) usage_event(error_message) usage_event(id) usage_event(key_id) usage_event(member_id) usage_event(model) usage_event(org_id) usage_event(provider) usage_event(session) usage_event(status) usage_event(tags) usage_event(team_id) usage_event(total_ms) usage_limit usage_quarantine virtual_key
      tollgate_directory: update on credential(sealed) credential(sealed_origin) organisation(revision) proxy_task(claimed_by) proxy_task(claimed_until) proxy_task(claims) usage_quarantine(decided_at) usage_quarantine(decided_by) usage_quarantine(decision) usage_quarantine(failure)
      tollgate_ingest: delete insert select on alert batch usage_quarantine usage_total_stale usage_value
      tollgate_ingest: delete insert select update on alert_delivery learnt_difference ledger_maintenance limit_counter usage_attribution_day usage_attribution_hour usage_day usage_group usage_hour usage_label usage_latency usage_minute usage_reshape usage_run usage_total usage_total_fill usage_touched usage_value_month
      tollgate_ingest: delete on idempotent_request
      tollgate_ingest: delete select on proxy_task
      tollgate_ingest: insert on audit_entry proxy_task(begin_by) proxy_task(credential_id) proxy_task(id) proxy_task(input) proxy_task(kind) proxy_task(lease_ms) proxy_task(org_id) proxy_task(wait_until)
      tollgate_ingest: insert select on closed_month usage_adjustment
      tollgate_ingest: insert select update on alert_look bookkeeping ledger_check spool_cursor usage_event usage_kept
      tollgate_ingest: select on app_user(id) app_user(name) audit_entry(hash) audit_entry(org_id) audit_entry(sequence) channel credential(id) credential(name) credential(org_id) idempotent_request(created_at) limit_increase(amount) limit_increase(limit_id) limit_increase(org_id) limit_increase(revoked_at) limit_increase(until) membership(id) membership(org_id) membership(user_id) model(id) model(name) model(org_id) organisation(former_zones) organisation(id) organisation(name) organisation(slug) organisation(time_zone) policy_change(kind) policy_change(organisation) policy_change(transaction) price_override retention spend_limit target(base_model) target(credential_id) target(id) target(org_id) target(upstream_model) team(id) team(name) team(org_id) usage_limit usage_quarantine(at) usage_quarantine(id) usage_rated virtual_key(id) virtual_key(name) virtual_key(org_id)
      tollgate_ingest: select update on organisation(counters_revision) virtual_key(last_used_at)
      tollgate_ingest: update on batch(cost_nano) batch(lines_done) batch(lines_failed) batch(next_poll_at) batch(outcome) batch(provider_batch_id) batch(settled_at) proxy_task(done_at) proxy_task(result) retention(requests_since) usage_limit(filling) usage_quarantine(decided_at) usage_quarantine(decision) usage_quarantine(failure)
      tollgate_proxy: select on directory_batch directory_blocking directory_change directory_ended_call directory_key directory_legacy_box directory_limit_counter directory_newest directory_policy directory_revision directory_spool_cursor
      tollgate_wall: insert on organisation(name)
      tollgate_wall: insert select on app_user(email) app_user(id) app_user(name) app_user(password_hash) organisation(id) organisation(slug)
      tollgate_wall: select on admin_token(created_by) admin_token(expires_at) admin_token(hash) admin_token(org_id) admin_token(public_id) admin_token(revoked_at) membership(org_id) membership(user_id) user_session(expires_at) user_session(id) user_session(user_id)"
    `);
  });

  test("may call only the listed functions", async () => {
    const callable = await query<{ grant: string }>(
      database.ownerUrl,
      `SELECT r.rolname || ' ' || p.proname AS grant
       FROM pg_proc AS p, pg_roles AS r
       WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND r.rolname LIKE 'tollgate\\_%'
         AND has_function_privilege(r.oid, p.oid, 'EXECUTE') AND p.proowner <> r.oid ORDER BY 1`,
    );
    expect(callable.map(({ grant }) => grant)).toEqual([
      "tollgate_control create_organisation",
      "tollgate_control create_person",
      "tollgate_control decide_quarantine",
      "tollgate_control enter_password",
      "tollgate_control enter_session",
      "tollgate_control enter_token",
      "tollgate_control find_requests",
      "tollgate_control list_quarantine",
      "tollgate_control note_failed_sign_in",
      "tollgate_control password_salt",
      "tollgate_control person",
      "tollgate_control takes_unsealed",
      "tollgate_control tenant",
      "tollgate_directory tenant",
      "tollgate_ingest apply_resealed",
      "tollgate_ingest ask_resealing",
      "tollgate_ingest drop_usage_partition",
      "tollgate_ingest ensure_usage_partition",
      "tollgate_ingest forget_policy_changes",
      "tollgate_ingest forget_requests",
      "tollgate_ingest index_usage_partition",
      "tollgate_proxy claim_limits",
      "tollgate_proxy claim_task",
      "tollgate_proxy oldest_task_ms",
      "tollgate_proxy release_limits",
    ]);
  });

  test("cannot access a partition directly, for ingest and control", async () => {
    for (const url of [database.controlUrl, database.ingestUrl, database.proxyUrl]) {
      await expect(query(url, "SELECT FROM usage_event_20260115")).rejects.toThrow(/permission denied/);
      await expect(query(url, "CREATE TABLE mine ()")).rejects.toThrow(/permission denied/);
    }
  });
});

/** `role: verbs on table` from the catalog; `table(column)` if only columns are granted. Without owners. */
async function grants(): Promise<string> {
  const rows = await query<{ grant: string }>(
    database.ownerUrl,
    `WITH granted AS (
       SELECT a.grantee, a.privilege_type AS verb, c.relname::text AS name
       FROM pg_class AS c, aclexplode(c.relacl) AS a
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.grantee <> c.relowner
       UNION ALL
       SELECT a.grantee, a.privilege_type, c.relname || '(' || t.attname || ')'
       FROM pg_attribute AS t JOIN pg_class AS c ON c.oid = t.attrelid, aclexplode(t.attacl) AS a
       WHERE c.relnamespace = 'public'::regnamespace
     ), each AS (
       SELECT coalesce(r.rolname, 'public') AS role, g.name, string_agg(lower(g.verb), ' ' ORDER BY g.verb) AS verbs
       FROM granted AS g LEFT JOIN pg_roles AS r ON r.oid = g.grantee
       GROUP BY 1, 2
     )
     SELECT role || ': ' || verbs || ' on ' || string_agg(name, ' ' ORDER BY name) AS grant FROM each
     GROUP BY role, verbs ORDER BY 1`,
  );
  return rows.map(({ grant }) => grant).join("\n");
}
