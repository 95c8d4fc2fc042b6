import pg from "pg";

const quoted = pg.escapeIdentifier;
/** A view's file grants the rights to read it, so they are revoked before. */
const READERS = "PUBLIC, tollgate_control, tollgate_proxy, tollgate_ingest";

/** Runs one file. It replaces what the database has under its name. */
export async function applySqlFile(client, { kind, name, owner, text }) {
  if (kind === "policies") await dropPolicies(client, name);
  // Only the owner may replace a function or a view, and only a role with CREATE on the schema.
  if (owner) await client.query(`GRANT CREATE ON SCHEMA public TO ${quoted(owner)}; SET LOCAL ROLE ${quoted(owner)}`);
  if (kind === "views" && (await exists(client, name)))
    await client.query(`REVOKE ALL ON ${quoted(name)} FROM ${READERS}`);
  await client.query(text);
  if (owner) await client.query(`RESET ROLE; REVOKE CREATE ON SCHEMA public FROM ${quoted(owner)}`);
}

async function exists(client, name) {
  const { rows } = await client.query("SELECT to_regclass($1) IS NOT NULL AS here", [`public.${quoted(name)}`]);
  return rows[0].here;
}

async function dropPolicies(client, table) {
  const { rows } = await client.query(
    "SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = $1",
    [table],
  );
  for (const { policyname } of rows) await client.query(`DROP POLICY ${quoted(policyname)} ON ${quoted(table)}`);
}
