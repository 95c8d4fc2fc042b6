import { testDatabase } from "@tollgate/testkit/postgres";
import { startProvider } from "@tollgate/testkit/provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FAMILIES } from "../src/matrix/families.ts";
import { FEATURES } from "../src/matrix/features.ts";
import { cellOf, stageFor, type Theatre } from "../src/matrix/stage.ts";
import { LANES, SURFACES } from "../src/matrix/table.ts";
import { openRig } from "../src/rig.ts";

let theatre: Theatre;
beforeAll(async () => {
  const provider = await startProvider();
  theatre = { provider, rig: await openRig(LANES, provider.url, await testDatabase()) };
});
afterAll(async () => {
  await theatre?.rig.close();
  await theatre?.provider.close();
});

const family = (id: string) => FAMILIES.find((each) => each.id === id) ?? expect.fail(id);
const feature = (id: string) => FEATURES.find((each) => each.id === id) ?? expect.fail(id);
const surfaces = SURFACES.map((surface) => [surface.id, surface] as const);

const SAMPLE = [
  ...["stream", "tools", "tools without arguments", "structured output", "PDF", "reasoning over ten turns"],
  ...["usage in every unit", "error before the stream", "error in the stream"],
];

describe.each(surfaces)("clients of %s", (_, surface) => {
  test.each([
    "openai",
    "openai-responses",
    "anthropic",
    "google",
    "bedrock",
    "vertex",
    "vertex-anthropic",
    "cohere",
    "azure",
    "mistral",
  ])("in front of %s", async (id) => {
    for (const name of SAMPLE.filter((each) => each !== "PDF" || id !== "cohere")) {
      const cell = await cellOf(stageFor(theatre, surface, family(id)), feature(name));
      expect(cell, `${name} at ${id}`).toBeNull();
    }
  });

  test.each(["openai", "anthropic", "google", "bedrock", "mistral"])(
    "in front of %s, or refused by name",
    async (id) => {
      for (const name of ["continued by id", "web search", "log probabilities", "several answers"]) {
        const cell = await cellOf(stageFor(theatre, surface, family(id)), feature(name));
        expect(["ok", "refused"], `${name} at ${id}: ${cell?.reason}`).toContain(cell?.verdict ?? "ok");
      }
    },
  );

  test("a PDF is refused by name in front of Cohere's own chat, which takes none", async () => {
    const cell = await cellOf(stageFor(theatre, surface, family("cohere")), feature("PDF"));
    // Calls in OpenAI's chat format pass to Cohere unchanged: Cohere itself says what it takes.
    if (surface.id === "openai-chat") expect(cell).toBeNull();
    else expect(cell).toMatchObject({ verdict: "refused", reason: expect.stringContaining("application/pdf") });
  });

  test("marks for a cache arrive at Anthropic, or the format has none", async () => {
    const cell = await cellOf(stageFor(theatre, surface, family("anthropic")), feature("cache marks"));
    expect(cell?.verdict ?? "ok").toBe(surface.marked ? "ok" : "refused");
  });

  test("a cell is wrong if the provider says something else", async () => {
    const stage = stageFor(theatre, surface, family("anthropic"));
    const lying = { ...stage, ask: (given: Parameters<typeof stage.ask>[0]) => stage.ask(given, { text: "Lies." }) };
    expect(await cellOf(lying, feature("text"))).toMatchObject({
      verdict: "wrong",
      reason: expect.stringContaining("Lies."),
    });
  });
});

test("a family without a provider row is not built", async () => {
  const [surface] = SURFACES;
  const cell = await cellOf(
    stageFor(theatre, surface, { ...family("google"), provider: "unheard-of" }),
    feature("text"),
  );
  expect(cell?.verdict).toBe("not built");
});
