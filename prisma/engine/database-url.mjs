import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { parse } = require(require.resolve("pg-connection-string", { paths: [require.resolve("pg")] }));

/** Parameters that Prisma knows and the pg driver does not. */
const ofPrisma = [
  "schema",
  "connection_limit",
  "pool_timeout",
  "pgbouncer",
  "socket_timeout",
  "statement_cache_size",
  "connect_timeout",
];

/** Converts a Prisma datasource URL to settings of the pg driver. */
export function readDatabaseUrl(text) {
  const url = new URL(text);
  const schema = url.searchParams.get("schema") ?? "public";
  for (const name of ofPrisma) url.searchParams.delete(name);
  const { host, port, user, password, ssl, database } = parse(url.href);
  return {
    schema,
    connection: {
      host: host || "127.0.0.1",
      port: port ? Number(port) : 5432,
      user,
      password: password ?? "",
      ssl,
      database: database || "postgres",
      // The adapter drops the offset of a timestamptz, so times are only correct in a UTC session.
      options: `-c search_path=${schema} -c TimeZone=UTC`,
    },
  };
}
