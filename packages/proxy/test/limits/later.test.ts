import { answer, slow } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenAiHouse, openOpenAiHouse } from "../chat-completions/openai-house.ts";
import { ask, limit } from "../house.ts";

let house: OpenAiHouse;
beforeEach(async () => {
  house = await openOpenAiHouse();
});
afterEach(() => house.close());

test("a call counts on a limit that was set while it was under way", async () => {
  house.provider.script(slow(20, answer({ text: "one two three four five" })));
  const underWay = await house.post(ask({ stream: true }));
  house.change({ limits: [limit({ amount: 1n })] });
  await underWay.text();
  await waitFor(() => house.events.length === 1);
  expect((await house.post(ask())).status).toBe(429);
});

test("and on one that was there already, once", async () => {
  const daily = limit({ amount: 2n });
  house.change({ limits: [daily] });
  house.provider.script(slow(20, answer({ text: "one two three four five" })));
  const underWay = await house.post(ask({ stream: true }));
  house.change({ limits: [{ ...daily, thresholds: [50] }] });
  await underWay.text();
  await waitFor(() => house.events.length === 1);
  expect([(await house.post(ask())).status, (await house.post(ask())).status]).toEqual([200, 429]);
});
