import { describe, expect, it } from "vitest";
import { SNIPPETS } from "../src/lib/snippets.ts";

const GIVEN = { proxyUrl: "http://localhost:4000", secret: "tg_live_secret", model: "small" };

describe.each(SNIPPETS)("the $label snippet", ({ code }) => {
  it("is complete", () => {
    const text = code(GIVEN);
    for (const part of [`${GIVEN.proxyUrl}/v1`, GIVEN.secret, GIVEN.model]) expect(text).toContain(part);
    expect(text).not.toMatch(/YOUR|<|undefined/);
  });
});

it("sends well-formed JSON with curl", () => {
  const body = /-d '(.+)'$/s.exec(SNIPPETS[0]?.code(GIVEN) ?? "")?.[1] ?? "";
  expect(JSON.parse(body)).toMatchObject({ model: "small", messages: [{ role: "user" }] });
});
