import path from "node:path";
import { readSettings } from "@tollgate/contracts/settings/read";
import { settingsOf } from "@tollgate/contracts/settings/settings-of";
import { trustedProxies } from "@tollgate/dial/client-address";

const Env = settingsOf("proxy").refine(
  ({ PROXY_PROCESSES, REDIS_URL }) => PROXY_PROCESSES === 1 || REDIS_URL !== undefined,
  {
    path: ["PROXY_PROCESSES"],
    message: "above 1 needs REDIS_URL, because the processes share their limits in Redis",
  },
);

export type ProxyEnv = ReturnType<typeof readEnv>;

/** The settings of this process. Throws `SettingsError` with one line per invalid setting. */
export function readEnv(from: NodeJS.ProcessEnv = process.env) {
  const { settings, warnings } = readSettings(Env, from);
  const dataDir = path.resolve(settings.TOLLGATE_DATA_DIR);
  return {
    ...settings,
    warnings,
    dataDir,
    spoolDir: path.resolve(settings.TOLLGATE_SPOOL_DIR ?? path.join(dataDir, "spool")),
    privateHosts: settings.TOLLGATE_PRIVATE_HOSTS,
    trustedProxies: trustedProxies(settings.TOLLGATE_TRUSTED_PROXIES),
  };
}
