import { readSettings } from "@tollgate/contracts/settings/read";
import { settingsOf } from "@tollgate/contracts/settings/settings-of";

const Settings = settingsOf("install");

/** Settings of `install.ts`. Throws an error with one line per invalid setting. */
export function env(): { databaseUrl: string } {
  const { settings } = readSettings(Settings.pick({ DATABASE_URL: true }), process.env);
  return { databaseUrl: settings.DATABASE_URL };
}

/** Settings of `check.ts`. Throws an error with one line per invalid setting. */
export function queueEnv(): { redisUrl: string | undefined } {
  const { settings } = readSettings(Settings.pick({ REDIS_URL: true }), process.env);
  return { redisUrl: settings.REDIS_URL };
}
