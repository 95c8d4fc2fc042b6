import { responseBoxes } from "@tollgate/vault/response-box";
import { expect, test } from "vitest";
import { Lane } from "../../src/body/steps.ts";
import { KeptResponses } from "../../src/kept/kept-responses.ts";
import { openMemoryStore } from "../../src/kept/memory-store.ts";

test("many small boxes do not wait for a turn each", async () => {
  const kept = new KeptResponses({
    store: openMemoryStore({ bytesMax: 1e6, ttlMs: 60_000 }),
    boxes: responseBoxes(Buffer.alloc(32, 3)),
    onError: () => {},
  });
  const owner = { orgId: "org", keyId: "key" };
  const ids = Array.from({ length: 200 }, (_, at) => `resp_${at}`);
  for (const id of ids) kept.keep(owner, { [id]: Buffer.from(JSON.stringify({ id })) }, null);
  let turns = 0;
  const lane: Lane = new Lane(() => {
    turns += 1;
    setImmediate(() => lane.giveTurn());
  });
  const found = await kept.read(owner, ids, lane, { bytesMax: 1e6, take: () => {} });
  expect(found.size).toBe(200);
  expect(found.get("resp_7")).toEqual({ id: "resp_7" });
  expect(turns).toBeLessThan(100);
});
