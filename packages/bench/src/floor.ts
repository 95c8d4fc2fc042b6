import { createServer, type ServerResponse } from "node:http";
import { type Dispatcher, Pool } from "undici";
import { announce } from "./announce.ts";

/** The minimal gateway in Node: reads and parses the body, forwards it, and passes the bytes of the answer. */
const origin = process.argv[2];
if (!origin) throw new Error("usage: floor.ts <provider origin>");
const pool = new Pool(origin, { connections: 256 });

const passing = (response: ServerResponse): Dispatcher.DispatchHandler => ({
  onRequestStart(controller) {
    response.once("close", () => response.writableFinished || controller.abort(new Error("client left")));
  },
  onResponseStart(_controller, status, headers) {
    response.writeHead(status, { "content-type": String(headers["content-type"]) });
  },
  onResponseData(controller, chunk) {
    if (response.write(chunk)) return;
    controller.pause();
    response.once("drain", () => controller.resume());
  },
  onResponseEnd: () => void response.end(),
  onResponseError: () => void response.destroy(),
});

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    JSON.parse(body.toString());
    const { "content-type": type, authorization } = request.headers;
    pool.dispatch(
      { path: request.url ?? "/", method: "POST", headers: { "content-type": type, authorization }, body },
      passing(response),
    );
  });
});
announce(server);
