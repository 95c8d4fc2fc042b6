import { readSettings } from "../env.ts";
import { Refusal } from "../refusal.ts";
import { askPostgres } from "./ask-postgres.ts";
import { postgresFaults } from "./postgres-faults.ts";
import { redisFaults } from "./redis-faults.ts";

/**
 * Checks whether these stores can be used. Changes nothing.
 * @throws Refusal with one line per problem.
 */
export async function checkStores(stores: { databaseUrl: string | undefined; redisUrl: string | undefined }) {
  const { databaseUrl, redisUrl } = stores;
  const postgres = databaseUrl ? await askPostgres(databaseUrl) : undefined;
  const faults = [...(postgres ? postgresFaults(postgres) : []), ...(redisUrl ? await redisFaults(redisUrl) : [])];
  if (faults.length > 0) throw new Refusal(faults.join("\n"));
  return { postgres };
}

/** `check`: checks the settings and stores of a production installation before `migrate deploy` and before a start. */
export async function check(): Promise<boolean> {
  const { warnings, databaseUrl, redisUrl } = readSettings(process.env);
  for (const warning of warnings) process.stdout.write(`warning: ${warning}\n`);
  if (!databaseUrl)
    throw new Refusal("DATABASE_URL is not set: expected the postgresql:// URL of the database's owner.");
  const { postgres } = await checkStores({ databaseUrl, redisUrl });
  process.stdout.write(`Postgres ${postgres?.version}, database ${postgres?.database}: good.\n`);
  process.stdout.write(redisUrl ? "Redis: good.\n" : "Redis: not set.\n");
  return true;
}
