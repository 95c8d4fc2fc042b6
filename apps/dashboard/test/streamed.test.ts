import { expect, test } from "vitest";
import { streamed } from "../src/lib/streamed.ts";

function source() {
  const state = { made: 0, isClosed: false };
  async function* texts() {
    try {
      for (; state.made < 100; ) {
        state.made += 1;
        yield `line ${state.made}\r\n`;
      }
    } finally {
      state.isClosed = true;
    }
  }
  return { state, body: streamed(texts()) };
}

test("a text is made only when the client has taken the one before", async () => {
  const { state, body } = source();
  const reader = body.getReader();
  expect(state.made).toBe(0);
  for (let taken = 1; taken <= 5; taken += 1) {
    await reader.read();
    expect(state.made).toBe(taken);
  }
});

test("a client that goes ends the work", async () => {
  const { state, body } = source();
  const reader = body.getReader();
  await reader.read();
  await reader.cancel();
  expect(state).toEqual({ made: 1, isClosed: true });
});

test("the whole text arrives", async () => {
  const { body } = source();
  expect((await new Response(body).text()).split("\r\n")).toHaveLength(101);
});
