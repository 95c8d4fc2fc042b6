import { readServeEnv, setForNext } from "./env.ts";
import { logAsJson } from "./log-as-json.ts";
import { refuseOddRequests } from "./refuse-odd-requests.ts";
import { requireFreePort } from "./require-free-port.ts";

// Starts the built server. It is copied beside the server and imports nothing but Node. All output becomes JSON lines
// before Next prints its first one. `src/operate/` handles signals and stops the server in documented steps.
const { port, host, logLevel, problems } = readServeEnv();
logAsJson(problems.length > 0 ? "info" : logLevel);
if (problems.length > 0) {
  for (const problem of problems) console.error(`dashboard: ${problem}`);
  process.exit(1);
}
await requireFreePort(port, host);
refuseOddRequests();
setForNext({ port, host });
const server = "../server.js";
await import(server);
