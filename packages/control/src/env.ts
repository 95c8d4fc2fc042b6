import { key, postgresUrl, webUrl } from "@tollgate/contracts/settings/kinds";
import { readSettings } from "@tollgate/contracts/settings/read";
import { z } from "zod";

const Env = z.object({
  TOLLGATE_CONTROL_DATABASE_URL: postgresUrl(),
  TOLLGATE_KEY_PEPPER: key(),
  TOLLGATE_AUDIT_KEY: key(),
  TOLLGATE_SEAL_PUBLIC_KEY: key(),
  TOLLGATE_CHANNEL_PUBLIC_KEY: key(),
  NEXTAUTH_URL: webUrl().default("http://localhost:3000"),
});

/** The settings of the operator's command: some of the dashboard's. Throws `SettingsError`, one line a bad setting. */
export const readEnv = (from: NodeJS.ProcessEnv = process.env) => readSettings(Env, from).settings;
