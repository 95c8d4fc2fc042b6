import { postgresUrl, redisUrl } from "@tollgate/contracts/settings/kinds";
import { readSettings } from "@tollgate/contracts/settings/read";
import { z } from "zod";

/** Settings of `install.ts`. Throws an error with one line per invalid setting. */
export function env(): { databaseUrl: string } {
  const { settings } = readSettings(z.object({ DATABASE_URL: postgresUrl() }), process.env);
  return { databaseUrl: settings.DATABASE_URL };
}

/** Settings of `check.ts`. Throws an error with one line per invalid setting. */
export function queueEnv(): { redisUrl: string | undefined } {
  const { settings } = readSettings(z.object({ REDIS_URL: redisUrl().optional() }), process.env);
  return { redisUrl: settings.REDIS_URL };
}
