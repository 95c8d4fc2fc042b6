import { priceFor } from "@tollgate/catalog/price";
import type { DatedPrice } from "@tollgate/contracts/grant";
import type { Attempt } from "@tollgate/contracts/usage-event";
import { type Rated, repriceEvent } from "@tollgate/control/ledger/reprice-event";
import { describe, expect, test } from "vitest";

const AT = Date.parse("2026-11-01T12:00:00Z");
const USE = { input: 1_001, cacheRead: 1, output: 7 };

const own = (upstreamModel: string, input: string, id: string, fromMs = 0): DatedPrice => ({
  provider: "openai",
  upstreamModel,
  fromMs,
  inputPerMillion: input,
  outputPerMillion: "2",
  version: `own:${id}`,
});

const attempt = (fields: Partial<Attempt> = {}): Attempt => ({
  targetId: "t",
  provider: "openai",
  upstreamModel: "mine",
  status: 200,
  error: null,
  message: null,
  startedMs: 0,
  durationMs: 1,
  use: USE,
  costNano: null,
  ...fields,
});

const rated = (fields: Partial<Rated> = {}): Rated => ({
  atMs: AT,
  surface: "chat-completions",
  outcome: "complete",
  provider: "openai",
  upstreamModel: "mine",
  use: USE,
  attempts: [attempt()],
  costNano: null,
  priceVersion: null,
  ...fields,
});

/** 1,001 input tokens at $0.333333333 and 7 output tokens at $2 a million, rounded once. */
const COST = BigInt(Math.round((1_001 * 0.333333333 + 7 * 2) * 1_000));

describe("a call whose price was unknown", () => {
  test("gets the price of its time, to the nano-dollar", () => {
    const prices = [own("mine", "9", "later", AT + 1), own("mine", "0.333333333", "a")];
    expect(repriceEvent(rated(), prices)).toEqual({ costNano: COST, version: "own:a" });
    expect(repriceEvent(rated({ attempts: [] }), prices)).toEqual({ costNano: COST, version: "own:a" });
  });

  test("stays unknown while any price it needs is unknown", () => {
    expect(repriceEvent(rated(), [])).toBeNull();
    const other = attempt({ upstreamModel: "other" });
    expect(repriceEvent(rated({ attempts: [other, attempt()] }), [own("mine", "1", "a")])).toBeNull();
  });

  test("costs all attempts that used something, and no others", () => {
    const attempts = [attempt({ use: null, costNano: "0", status: 500 }), attempt({ costNano: "40" }), attempt()];
    const prices = [own("mine", "0.333333333", "a")];
    expect(repriceEvent(rated({ attempts }), prices)?.costNano).toBe(2n * COST);
    const kept = attempts.map((each, index) => (index === 1 ? { ...each, upstreamModel: "gone" } : each));
    expect(repriceEvent(rated({ attempts: kept }), prices)?.costNano).toBe(COST + 40n);
  });
});

describe("a call that has a price", () => {
  const priced = (version: string, fields: Partial<Rated> = {}): Rated =>
    rated({ costNano: 500n, priceVersion: version, attempts: [attempt({ costNano: "500" })], ...fields });

  test("follows the organisation's own price when it is set, changed or deleted", () => {
    const prices = [own("mine", "0.333333333", "b")];
    for (const version of ["own:a", "genai-prices@0"])
      expect(repriceEvent(priced(version), prices)).toEqual({ costNano: COST, version: "own:b" });
    const upstreamModel = "gpt-4o-mini";
    const back = repriceEvent(
      priced("own:a", { upstreamModel, attempts: [attempt({ upstreamModel, costNano: "500" })] }),
      [],
    );
    const listed = priceFor({ provider: "openai", upstreamModel, atMs: AT });
    expect(back).toEqual({ costNano: listed?.cost(USE), version: listed?.version });
  });

  test("keeps its cost if no own price applies, if no price is known any more, or if nothing changes", () => {
    const upstreamModel = "gpt-4o-mini";
    const listed = priced("genai-prices@0", { upstreamModel, attempts: [attempt({ upstreamModel, costNano: "500" })] });
    expect(repriceEvent(listed, [own("mine", "1", "a")])).toBeNull();
    expect(repriceEvent(priced("own:a"), [])).toBeNull();
    const same = priced("own:a", { costNano: COST, attempts: [attempt({ costNano: String(COST) })] });
    expect(repriceEvent(same, [own("mine", "0.333333333", "b")])).toBeNull();
  });

  test("keeps a cost that is not based on usage: the hold, or nothing", () => {
    const prices = [own("mine", "1", "b")];
    expect(repriceEvent(priced("own:a", { outcome: "interrupted", attempts: [] }), prices)).toBeNull();
    const failed = { outcome: "failed", costNano: 0n, attempts: [attempt({ costNano: "0" })] };
    expect(repriceEvent(priced("own:a", failed), prices)).toBeNull();
    const attempts = [attempt({ error: "upstream_timeout", costNano: "0" }), attempt({ costNano: "500" })];
    expect(repriceEvent(priced("own:a", { attempts }), prices)?.costNano).toBe(
      repriceEvent(priced("own:a"), prices)?.costNano,
    );
  });
});

describe("a call that was not served in the standard way", () => {
  const list = [own("mine", "0.333333333", "a")];

  test("gets the price of its service tier, by the own price's factor", () => {
    const prices = [{ ...(list[0] as DatedPrice), services: { priority: "3" } }];
    const attempts = [attempt({ served: ["priority"] })];
    expect(repriceEvent(rated({ attempts }), prices)).toEqual({
      costNano: BigInt(Math.round((1_001 * 0.333333333 + 7 * 2) * 1_000 * 3)),
      version: "own:a",
    });
  });

  test("stays unknown while the price of its service tier is", () => {
    expect(repriceEvent(rated({ attempts: [attempt({ served: ["platinum"] })] }), list)).toBeNull();
  });

  test("gets the price of the model that answered", () => {
    const attempts = [attempt({ upstreamModel: "router", answeredModel: "mine" })];
    expect(repriceEvent(rated({ upstreamModel: "router", attempts }), list)).toEqual({
      costNano: COST,
      version: "own:a",
    });
  });

  test("keeps the cost that its provider reported", () => {
    const attempts = [attempt({ costNano: "77", computedNano: "5" })];
    expect(repriceEvent(rated({ attempts, costNano: 77n, priceVersion: "own:z" }), list)).toBeNull();
  });
});
