import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { startProvider } from "@tollgate/testkit/provider";
import { expect, onTestFinished, test } from "vitest";
import { openUpstreams, type Upstreams } from "../src/upstreams.ts";
import { openOpenAiSetup } from "./chat-completions/openai-setup.ts";
import { ask, id, type SetupOptions } from "./setup.ts";

const TIMES = { connectTimeoutMs: 2_000, headerTimeoutMs: 2_000, idleTimeoutMs: 2_000 };
const TURNS = { originConcurrency: 2, originWaitMs: 1_000 };

/** The status of the answer, or how it failed. */
const post = (upstreams: Upstreams, organisation: { id: string; slug: string }, origin: string) =>
  new Promise<unknown>((resolve) => {
    const body = Buffer.from(JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "Hi" }] }));
    const headers = ["content-type", "application/json", "authorization", "Bearer sk-x"];
    let status = 0;
    upstreams.for(organisation).send(
      { method: "POST", origin, path: "/v1/chat/completions", headers, body, isFresh: false },
      {
        onHead: (given) => {
          status = given;
        },
        onData: () => true,
        onEnd: () => resolve(status),
        onFault: ({ kind }) => resolve(kind),
      },
    );
  });

test("an organisation without the grant gets no connection to a private host, also not an existing one", async () => {
  const provider = await startProvider();
  const { host, origin } = new URL(provider.url);
  const upstreams = openUpstreams({ ...TIMES, ...TURNS, privateHosts: parsePrivateHosts(`${host}=acme, other=*`) });
  onTestFinished(async () => {
    await upstreams.close();
    await provider.close();
  });
  const [acme, globex] = [
    { id: id(), slug: "acme" },
    { id: id(), slug: "globex" },
  ];
  expect(await post(upstreams, acme, origin)).toBe(200);
  expect(await post(upstreams, globex, origin)).toBe("blocked");
  expect(await post(upstreams, acme, origin)).toBe(200);
});

const called = async (org: SetupOptions["org"]) => {
  const setup = await openOpenAiSetup({ org });
  onTestFinished(setup.close);
  const { status } = await setup.post(ask());
  return { status, requests: setup.provider.requests.length };
};

test("a call to a private host works for the organisation with the grant, and not for another", async () => {
  expect(await called({ slug: "acme" })).toEqual({ status: 200, requests: 1 });
  const refused = await called({ slug: "globex" });
  expect(refused.requests).toBe(0);
  expect(refused.status).toBeGreaterThanOrEqual(500);
});
