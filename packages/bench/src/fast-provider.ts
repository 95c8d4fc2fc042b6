import { createServer, type ServerResponse } from "node:http";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { announce } from "./announce.ts";
import { ANSWER, asked, type Case, CHUNKS } from "./workload.ts";

type Dialect = "openai" | "anthropic";

/** A provider that needs almost no CPU time: answers are built once, the chunks of a stream are sent one by one. */
function rendered(name: Case, dialect: Dialect): Buffer[] {
  const { moves } = answer({ text: ANSWER, chunks: CHUNKS, usage: { input: 120, output: 140 } })(asked(name, dialect));
  return moves.flatMap((move) => (typeof move === "object" && "bytes" in move ? [move.bytes] : []));
}

const answersOf = (dialect: Dialect) => ({
  json: Buffer.concat(rendered("json", dialect)),
  chunks: rendered("stream", dialect),
});
const openai = answersOf("openai");
const anthropic = answersOf("anthropic");

function stream(response: ServerResponse, chunks: readonly Buffer[]): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  let next = 0;
  const step = (): void => {
    const chunk = chunks[next++];
    if (!chunk) response.end();
    else if (response.write(chunk)) setImmediate(step);
    else response.once("drain", step);
  };
  step();
}

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  const { json, chunks } = request.url === "/v1/messages" ? anthropic : openai;
  if (body.includes('"stream":true')) return stream(response, chunks);
  response.writeHead(200, { "content-type": "application/json", "content-length": json.length });
  response.end(json);
});
announce(server);
