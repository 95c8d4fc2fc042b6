import path from "node:path";
import { dashboardServer } from "./dashboard-build.ts";
import { repository, type Settings } from "./env.ts";
import { environmentFor, type Room } from "./house-environment.ts";
import { answers, type NodeProcess } from "./node-process.ts";
import type { Secrets } from "./secrets.ts";

/** Those who take calls end before those they need. */
export const stopOrder = ["dashboard", "proxy", "worker", "provider", "postgres"];

/** The processes of the product, as each is started. */
export function houseProcesses(
  settings: Settings,
  databaseUrl: string,
  secrets: Secrets,
  logFile: (name: string) => string,
): Record<Room, NodeProcess> {
  const { DASHBOARD_PORT, PROXY_PORT, PROVIDER_PORT } = settings.ports;
  const room = (name: Room, script: string, healthUrl: string, drainMs: number): NodeProcess => ({
    name,
    script: path.join(repository, script),
    cwd: path.dirname(path.join(repository, script)),
    env: environmentFor(name, settings, databaseUrl, secrets),
    logFile: logFile(name),
    isHealthy: () => answers(healthUrl),
    drainMs,
  });
  const dashboard = room(
    "dashboard",
    "apps/dashboard/package.json",
    `http://localhost:${DASHBOARD_PORT}/api/health`,
    5_000,
  );
  return {
    provider: room(
      "provider",
      "packages/local/src/demo-provider.ts",
      `http://localhost:${PROVIDER_PORT}/health`,
      3_000,
    ),
    worker: room("worker", "apps/worker/src/main.ts", "", 15_000),
    proxy: room("proxy", "packages/proxy/src/main.ts", `http://localhost:${PROXY_PORT}/readyz`, 20_000),
    dashboard: {
      ...dashboard,
      ...dashboardServer,
      env: { ...dashboard.env, PORT: String(DASHBOARD_PORT), HOSTNAME: "localhost" },
    },
  };
}
