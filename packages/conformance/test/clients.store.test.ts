import { testDatabase } from "@tollgate/testkit/postgres";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROMPT, RESULT } from "../src/clients/client.ts";
import { CLIENTS } from "../src/clients/table.ts";
import { FAMILIES, laneOf } from "../src/matrix/families.ts";
import { openRig, type Rig } from "../src/rig.ts";

let provider: Provider;
let rig: Rig;
beforeAll(async () => {
  provider = await startProvider();
  rig = await openRig(FAMILIES.map(laneOf), provider.url, await testDatabase());
});
afterAll(async () => {
  await rig?.close();
  await provider?.close();
});

const TEXT = "Zürich has rain 🌧 today.";
const call = answer({ text: "Look:", toolCalls: [{ name: "weather", arguments: { city: "Bern" } }] });

describe.each(CLIENTS.map((client) => [client.id, client] as const))("%s", (_, client) => {
  test.each(FAMILIES.map(({ id, upstreamModel }) => [id, upstreamModel]))("in front of %s", async (id, upstream) => {
    const place = { origin: rig.origin, key: rig.key, model: id };
    provider.scriptModel(upstream, answer({ text: TEXT }));
    expect(await client.text(place)).toBe(TEXT);
    expect(await client.stream(place)).toBe(TEXT);
    provider.scriptModel(upstream, call, answer({ text: TEXT }));
    expect(await client.tool(place)).toEqual({ input: { city: "Bern" }, text: TEXT });
    expect(provider.requests.at(-1)?.prompt).toContain(PROMPT);
    expect(provider.requests.at(-1)?.body.toString()).toContain(RESULT);
  });
});
