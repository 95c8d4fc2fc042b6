import { type Behaviour, raw } from "@tollgate/testkit/provider-behaviour";

/** A whole answer of a chat provider. */
export const json =
  (body: object): Behaviour =>
  () => ({
    head: { status: 200, headers: { "content-type": "application/json" } },
    moves: [{ bytes: Buffer.from(JSON.stringify(body)) }, "end"],
    bills: null,
  });

/** A stream of a chat provider: an event for each object or text. */
export const chunks = (...list: (object | string)[]) =>
  raw(list.map((each) => `data: ${typeof each === "string" ? each : JSON.stringify(each)}\n\n`));

export const delta = (fields: object, finish: string | null = null) => ({
  id: "c1",
  model: "gpt-4o-mini",
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});

export const usage = {
  prompt_tokens: 20,
  completion_tokens: 9,
  prompt_tokens_details: { cached_tokens: 12 },
  completion_tokens_details: { reasoning_tokens: 4 },
};
