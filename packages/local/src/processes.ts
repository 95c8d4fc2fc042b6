import path from "node:path";
import { dashboardServer } from "./dashboard-build.ts";
import { dashboardNodeArguments } from "./dashboard-node-arguments.ts";
import { repository, type Settings } from "./env.ts";
import { answers, type NodeProcess } from "./node-process.ts";
import { environmentFor, type Room } from "./process-environment.ts";
import { proxyNodeArguments } from "./proxy-node-arguments.ts";
import type { Secrets } from "./secrets.ts";

/** A process stops before the processes that it needs. */
export const stopOrder = ["dashboard", "proxy", "worker", "provider", "postgres"];

/** Time that a process needs after its drain: to record cancelled calls and to send their usage. */
const closingMs = 10_000;

/** Defines how each process of the product is started. */
export function productProcesses(
  settings: Settings,
  databaseUrl: string,
  secrets: Secrets,
  logFile: (name: string) => string,
): Record<Room, NodeProcess> {
  const { DASHBOARD_PORT, METRICS_PORT, PROVIDER_PORT, WORKER_METRICS_PORT } = settings.ports;
  const at = (port: number | undefined, where: string) => () => answers(`http://localhost:${port}${where}`);
  const room = (
    name: Room,
    script: string,
    rest: Pick<NodeProcess, "isHealthy"> & Partial<NodeProcess>,
  ): NodeProcess => ({
    name,
    script: path.join(repository, script),
    cwd: path.dirname(path.join(repository, script)),
    env: environmentFor(name, settings, databaseUrl, secrets),
    logFile: logFile(name),
    stopMs: settings.drainNoticeMs + settings.drainMs + closingMs,
    ...rest,
  });
  const dashboard = room("dashboard", dashboardServer, {
    isHealthy: at(DASHBOARD_PORT, "/readyz"),
    nodeArguments: dashboardNodeArguments,
  });
  return {
    provider: room("provider", "packages/local/src/demo-provider.ts", {
      isHealthy: at(PROVIDER_PORT, "/health"),
      stopMs: 3_000,
    }),
    worker: room("worker", "apps/worker/src/main.ts", {
      isHealthy: at(WORKER_METRICS_PORT, "/readyz"),
      isStarting: at(WORKER_METRICS_PORT, "/healthz"),
    }),
    proxy: room("proxy", "packages/proxy/src/main.ts", {
      isHealthy: at(settings.ports.PROXY_PORT, "/readyz"),
      isStarting: at(METRICS_PORT, "/healthz"),
      nodeArguments: proxyNodeArguments,
    }),
    dashboard: { ...dashboard, env: { ...dashboard.env, DASHBOARD_HOST: "localhost" } },
  };
}
