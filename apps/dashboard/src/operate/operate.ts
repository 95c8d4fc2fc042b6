import { listenPrivate } from "@tollgate/service/private-port";
import { env } from "@/env.ts";
import { openMetrics } from "./metrics.ts";
import { readiness } from "./readiness.ts";
import { watchRequests } from "./requests.ts";
import { stopBySignal } from "./stop.ts";

/** Sets up the operation of this process: log, private port and shutdown. Runs once when the server starts. */
export async function operate(clientOf: (headers: NodeJS.Dict<string | string[]>) => string | null): Promise<void> {
  const settings = env();
  const requests = watchRequests({
    port: settings.PORT,
    onDone({ method = "", url = "", headers }, { statusCode }, seconds) {
      metrics.request(method, statusCode, seconds);
      const [path = ""] = url.split("?", 1);
      if (path.startsWith("/_next/") || path === "/healthz" || path === "/readyz") return;
      const line = { method, path, status: statusCode, ms: Math.round(seconds * 1_000), client: clientOf(headers) };
      writeLine("info", "request", line);
    },
  });
  const metrics = openMetrics(requests.active);
  const ready = async () => {
    const found = await readiness();
    metrics.database(found.isReady || !("database" in found.body));
    return found;
  };
  try {
    await listenPrivate({
      port: settings.DASHBOARD_METRICS_PORT,
      host: settings.METRICS_HOST,
      setting: "DASHBOARD_METRICS_PORT",
      ready,
      metrics: async () => {
        await ready();
        return metrics.text();
      },
    });
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
  stopBySignal({ requests, noticeMs: settings.TOLLGATE_DRAIN_NOTICE_MS, drainMs: settings.TOLLGATE_DRAIN_MS });
}

/** A log line with fields. `serve/log-as-json.ts` passes it on unchanged. */
function writeLine(level: string, msg: string, fields: object): void {
  const about = { time: new Date().toISOString(), name: "dashboard", process: 1, pid: process.pid };
  process.stdout.write(`${JSON.stringify({ level, ...about, msg, ...fields })}\n`);
}
