import { readSettings } from "@tollgate/contracts/settings/read";
import { settingsOf } from "@tollgate/contracts/settings/settings-of";

/** The settings of this installation that control verbs need. Throws `SettingsError` with one line per invalid setting. */
export function env() {
  const { settings } = readSettings(settingsOf("seed"), process.env);
  return {
    databaseUrl: settings.TOLLGATE_CONTROL_DATABASE_URL,
    pepper: settings.TOLLGATE_KEY_PEPPER,
    auditKey: settings.TOLLGATE_AUDIT_KEY,
    sealPublicKey: settings.TOLLGATE_SEAL_PUBLIC_KEY,
    channelPublicKey: settings.TOLLGATE_CHANNEL_PUBLIC_KEY,
    privateHosts: settings.TOLLGATE_PRIVATE_HOSTS,
    proxyUrl: settings.PROXY_URL,
  };
}
