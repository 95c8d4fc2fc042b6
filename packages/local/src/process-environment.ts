import type { Settings } from "./env.ts";
import { type DatabaseRole, databaseRoles, type Secrets } from "./secrets.ts";

const roleSetting: Record<DatabaseRole, string> = {
  tollgate_control: "TOLLGATE_CONTROL_DATABASE_URL",
  tollgate_proxy: "TOLLGATE_PROXY_DATABASE_URL",
  tollgate_ingest: "TOLLGATE_INGEST_DATABASE_URL",
};

/** Secrets that only one process gets. */
const confidential = {
  dashboard: [
    "TOLLGATE_CONTROL_DATABASE_URL",
    "NEXTAUTH_SECRET",
    "TOLLGATE_KEY_PEPPER",
    "TOLLGATE_AUDIT_KEY",
    "TOLLGATE_OPERATOR_TOKEN",
  ],
  proxy: [
    "TOLLGATE_PROXY_DATABASE_URL",
    "TOLLGATE_LISTEN_DATABASE_URL",
    "TOLLGATE_POLICY_DATABASE_URL",
    "REDIS_URL",
    "TOLLGATE_KEY_PEPPER",
    "TOLLGATE_SEAL_PRIVATE_KEY",
    "TOLLGATE_SEAL_PRIVATE_KEY_PREVIOUS",
    "TOLLGATE_EVENT_KEY",
  ],
  worker: [
    "TOLLGATE_INGEST_DATABASE_URL",
    "REDIS_URL",
    "TOLLGATE_CHANNEL_PRIVATE_KEY",
    "TOLLGATE_EVENT_KEY",
    "TOLLGATE_EVENT_KEY_PREVIOUS",
    "TOLLGATE_AUDIT_KEY",
    "TOLLGATE_SMTP_URL",
  ],
  provider: [],
} satisfies Record<string, string[]>;

export type Room = keyof typeof confidential;

const known = new Set(["DATABASE_URL", ...Object.values(confidential).flat()]);

/** The environment of one process: all shared settings, but only its own secrets. */
export function environmentFor(
  room: Room,
  settings: Settings,
  databaseUrl: string,
  secrets: Secrets,
): NodeJS.ProcessEnv {
  const ours: Record<string, string | undefined> = {
    ...process.env,
    ...secrets.settings,
    ...Object.fromEntries(
      databaseRoles.map((role) => {
        const setting = roleSetting[role];
        return [setting, process.env[setting] || asRole(databaseUrl, role, secrets.rolePasswords[role])];
      }),
    ),
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    TOLLGATE_DATA_DIR: settings.dataDir,
    TOLLGATE_SPOOL_DIR: settings.spoolDir,
    TOLLGATE_PRIVATE_HOSTS: [settings.privateHosts, `localhost:${settings.ports.PROVIDER_PORT}=*`]
      .filter(Boolean)
      .join(","),
    TOLLGATE_DRAIN_NOTICE_MS: String(settings.drainNoticeMs),
    TOLLGATE_DRAIN_MS: String(settings.drainMs),
    NEXTAUTH_URL: settings.dashboardUrl,
    PROXY_URL: settings.proxyUrl,
    TOLLGATE_DOCS_URL: process.env.TOLLGATE_DOCS_URL || `${settings.dashboardUrl}/docs/errors`,
    ...Object.fromEntries(Object.entries(settings.ports).map(([name, port]) => [name, String(port)])),
  };
  const own: readonly string[] = confidential[room];
  return Object.fromEntries(Object.entries(ours).filter(([name]) => !known.has(name) || own.includes(name)));
}

/** Roles without a URL from the operator. They log in with generated passwords. */
export const rolesOfOurs = (): DatabaseRole[] => databaseRoles.filter((role) => !process.env[roleSetting[role]]);

function asRole(databaseUrl: string, role: DatabaseRole, password: string): string {
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = encodeURIComponent(password);
  return url.href;
}
