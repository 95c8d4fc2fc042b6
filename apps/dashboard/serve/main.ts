import { logAsJson } from "./log-as-json.ts";
import { refuseOddRequests } from "./refuse-odd-requests.ts";
import { requireFreePort } from "./require-free-port.ts";

// Starts the built server. It is copied beside it, and imports nothing but Node. Before Next says its first word, all
// output becomes JSON lines; signals are left to `src/operate/`, which stops the server in documented steps.
const { TOLLGATE_LOG_LEVEL, DASHBOARD_HOST, DASHBOARD_PORT, PORT } = process.env;
logAsJson(TOLLGATE_LOG_LEVEL || "info");
const port = DASHBOARD_PORT || PORT || "3000";
// Not what HOSTNAME says: shells and containers set it to the machine's own name.
const host = DASHBOARD_HOST || "localhost";
await requireFreePort(Number(port), host);
refuseOddRequests();
process.env.NEXT_MANUAL_SIG_HANDLE = "1";
process.env.PORT = port;
process.env.HOSTNAME = host;
const server = "../server.js";
await import(server);
