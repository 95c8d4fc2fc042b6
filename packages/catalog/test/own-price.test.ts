import { describe, expect, test } from "vitest";
import { priceWithin } from "../src/own-price.ts";
import { priceFor } from "../src/price.ts";

const provider = "openai";
const own = (upstreamModel: string, fromMs: number, inputPerMillion: string) => ({
  provider,
  upstreamModel,
  fromMs,
  inputPerMillion,
  outputPerMillion: "8",
  version: `own:${inputPerMillion}`,
});
const atMs = Date.parse("2026-06-01T00:00:00Z");

describe("priceWithin", () => {
  test("is the latest own price that has begun, to the millisecond", () => {
    const prices = [own("gpt-own", atMs, "3"), own("gpt-own", atMs - 1_000, "1"), own("gpt-other", atMs - 1, "9")];
    const at = (ms: number) => priceWithin(prices, { provider, upstreamModel: "gpt-own", atMs: ms });
    expect(at(atMs - 1_001)).toBeNull();
    expect(at(atMs - 1_000)?.version).toBe("own:1");
    expect(at(atMs - 1)?.version).toBe("own:1");
    expect(at(atMs)?.version).toBe("own:3");
    expect(at(atMs)?.cost({ input: 1_000_000, output: 0 })).toBe(3_000_000_000n);
  });

  test("is the catalogue's price if no own price of this provider has begun", () => {
    const query = { provider, upstreamModel: "gpt-4o-mini", atMs };
    expect(priceWithin([], query)).toBe(priceFor(query));
    expect(priceWithin([own("gpt-4o-mini", atMs + 1, "3")], query)).toBe(priceFor(query));
    expect(priceWithin([{ ...own("gpt-4o-mini", 0, "3"), provider: "azure" }], query)).toBe(priceFor(query));
    expect(priceWithin([own("gpt-4o-mini", 0, "3")], query)?.version).toBe("own:3");
  });
});
