import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, credential, model, openSetup, type Setup, target } from "../setup.ts";

const WARM = 12;
const BURST = 40;
const answer = JSON.stringify({
  choices: [{ message: { content: "hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 1 },
});

/** The provider's connections, each with its number of requests. */
let served: Map<Socket, number>;
let endsKept: boolean;
/** How long it works on a request before. */
let worksMs: number;
let held: (() => void)[] | null;
let provider: Server;
let setup: Setup;

beforeEach(async () => {
  served = new Map();
  endsKept = false;
  worksMs = 0;
  held = [];
  provider = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const before = served.get(request.socket) ?? 0;
    served.set(request.socket, before + 1);
    request.resume();
    if (endsKept && before > 0 && worksMs > 0) setTimeout(() => request.socket.resetAndDestroy(), worksMs);
    else if (endsKept && before > 0) request.socket.resetAndDestroy();
    else {
      const send = (): void => void response.writeHead(200, { "content-type": "application/json" }).end(answer);
      if (held) held.push(send);
      else send();
    }
  });
  provider.listen(0, "127.0.0.1");
  await once(provider, "listening");
  const main = credential(`http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`);
  setup = await openSetup({ org: { credentials: [main], models: [model([target(main.id)])] } });
  const warm = Array.from({ length: WARM }, () => setup.post(ask()));
  await waitFor(() => held?.length === WARM);
  for (const send of held.splice(0)) send();
  held = null;
  for (const response of await Promise.all(warm)) expect(response.status).toBe(200);
  expect(served.size).toBe(WARM);
});
afterEach(async () => {
  await setup.close();
  provider.closeAllConnections();
  provider.close();
});

const burst = async (): Promise<number[]> =>
  Promise.all(Array.from({ length: BURST }, async () => (await setup.post(ask())).status));

test("kept connections that break when they are reused fail no call of a burst", async () => {
  endsKept = true;
  expect(await burst()).toEqual(Array(BURST).fill(200));
  const attempts = setup.events.slice(-BURST).map((event) => event.attempts.length);
  expect(Math.max(...attempts)).toBe(2);
});

test("the provider may have received such a request, so it is counted like others that may be billed", async () => {
  endsKept = true;
  await burst();
  const lost = setup.events.flatMap(({ attempts }) => attempts).filter(({ error }) => error !== null);
  expect(lost.length).toBeGreaterThan(0);
  for (const { use } of lost) expect(use?.input).toBeGreaterThan(0);
});

test("and they do not count as failures of the provider", async () => {
  endsKept = true;
  await burst();
  expect(await burst()).toEqual(Array(BURST).fill(200));
});

test.each(["FIN", "RST"])("a kept connection that was closed before its reuse costs no attempt (%s)", async (how) => {
  for (const socket of served.keys()) {
    if (how === "FIN") socket.destroy();
    else socket.resetAndDestroy();
  }
  expect(await burst()).toEqual(Array(BURST).fill(200));
  expect(setup.events.slice(-BURST).flatMap(({ attempts }) => attempts)).toHaveLength(BURST);
});

test("a kept connection that breaks after the provider had time to work is an attempt that may be billed", async () => {
  endsKept = true;
  worksMs = 1_200;
  expect((await setup.post(ask())).status).toBe(200);
  const [first, second] = setup.events.at(-1)?.attempts ?? [];
  expect(second).toMatchObject({ error: null });
  expect(BigInt(first?.costNano ?? 0)).toBeGreaterThan(0n);
});
