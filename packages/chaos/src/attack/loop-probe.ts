import { createServer } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { readProbePort } from "../env.ts";

/** Preloaded into a proxy. Reports on a separate port how long the event loop was held since the last query. */

const RESOLUTION_MS = 1;
const PROBE_MS = 1;

const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

let last = threadMs();
let longestTurnMs = 0;
setInterval(() => {
  const now = threadMs();
  longestTurnMs = Math.max(longestTurnMs, now - last);
  last = now;
}, PROBE_MS).unref();

const server = createServer((_request, response) => {
  response.end(JSON.stringify({ delayMs: delay.max / 1e6 - RESOLUTION_MS, turnMs: longestTurnMs }));
  delay.reset();
  longestTurnMs = 0;
});
server.listen(readProbePort(), "127.0.0.1").unref();
