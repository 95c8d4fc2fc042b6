import { answer, slow } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenAiSetup, openOpenAiSetup } from "../chat-completions/openai-setup.ts";
import { ask, limit } from "../setup.ts";

let setup: OpenAiSetup;
beforeEach(async () => {
  setup = await openOpenAiSetup();
});
afterEach(() => setup.close());

test("a running call counts on a limit that is created before it ends", async () => {
  setup.provider.script(slow(20, answer({ text: "one two three four five" })));
  const underWay = await setup.post(ask({ stream: true }));
  setup.change({ limits: [limit({ amount: 1n })] });
  await underWay.text();
  await waitFor(() => setup.events.length === 1);
  expect((await setup.post(ask())).status).toBe(429);
});

test("a running call counts once on a limit that existed at its start and changes before it ends", async () => {
  const daily = limit({ amount: 2n });
  setup.change({ limits: [daily] });
  setup.provider.script(slow(20, answer({ text: "one two three four five" })));
  const underWay = await setup.post(ask({ stream: true }));
  setup.change({ limits: [{ ...daily, thresholds: [50] }] });
  await underWay.text();
  await waitFor(() => setup.events.length === 1);
  expect([(await setup.post(ask())).status, (await setup.post(ask())).status]).toEqual([200, 429]);
});
