import path from "node:path";
import { dashboardServer } from "./dashboard-build.ts";
import { repository, type Settings } from "./env.ts";
import { environmentFor, type Room } from "./house-environment.ts";
import { answers, type NodeProcess } from "./node-process.ts";
import { proxyNodeArguments } from "./proxy-node-arguments.ts";
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
  const room = (name: Room, script: string, drainMs: number, isHealthy: NodeProcess["isHealthy"]): NodeProcess => ({
    name,
    script: path.join(repository, script),
    cwd: path.dirname(path.join(repository, script)),
    env: environmentFor(name, settings, databaseUrl, secrets),
    logFile: logFile(name),
    drainMs,
    isHealthy,
  });
  const dashboard = room("dashboard", dashboardServer, 5_000, () =>
    answers(`http://localhost:${DASHBOARD_PORT}/api/health`),
  );
  const proxy = room("proxy", "packages/proxy/src/main.ts", 20_000, () =>
    answers(`http://localhost:${PROXY_PORT}/readyz`),
  );
  return {
    provider: room("provider", "packages/local/src/demo-provider.ts", 3_000, () =>
      answers(`http://localhost:${PROVIDER_PORT}/health`),
    ),
    // It listens nowhere; with a quieter TOLLGATE_LOG_LEVEL it does not even say so.
    worker: room(
      "worker",
      "apps/worker/src/main.ts",
      15_000,
      (aliveMs, said) => aliveMs > 5_000 || said().includes("at work"),
    ),
    proxy: { ...proxy, nodeArguments: proxyNodeArguments },
    dashboard: { ...dashboard, env: { ...dashboard.env, PORT: String(DASHBOARD_PORT), HOSTNAME: "localhost" } },
  };
}
