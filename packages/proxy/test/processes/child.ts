import { createServer } from "node:http";
import { listen } from "@tollgate/service/listen";
import { answerParent } from "../../src/processes/parent.ts";
import { sharedPort } from "./env.ts";

// One of several processes on one port, like a proxy process. It answers with its pid and its parent's view of all.
const parent = answerParent();
const server = createServer((_request, response) => {
  response.shouldKeepAlive = false;
  response.end(JSON.stringify({ pid: process.pid, state: parent.state() }));
});
await listen(server, { port: sharedPort(), host: "127.0.0.1", setting: "PROXY_PORT", shared: true });
parent.serving();
process.on("disconnect", () => process.exit());
