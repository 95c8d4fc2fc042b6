import type { Response, ResponseStreamEvent } from "openai/resources/responses/responses";
import { expect } from "vitest";
import type { ResponsesSetup } from "./responses-setup.ts";

export const weather = {
  ...{ type: "function", name: "weather", description: "Tells the weather.", strict: false },
  parameters: { type: "object", properties: { city: { type: "string" } } },
} as const;

/** Creates a response, streamed or not. Of a stream, the last event's response, which must agree with the others. */
export async function createResponse(
  { openai }: ResponsesSetup,
  isStream: boolean,
  given: object,
): Promise<{ made: Response; events: ResponseStreamEvent[] }> {
  const params = { model: "small", input: "Hi", store: false, ...given };
  const events: ResponseStreamEvent[] = [];
  if (!isStream) return { made: (await openai.responses.create(params)) as Response, events };
  const stream = openai.responses.stream(params);
  for await (const event of stream) events.push(event);
  expect(events.map(({ sequence_number: at }) => at)).toEqual(events.map((_, index) => index));
  return { made: (await stream.finalResponse()) as Response, events };
}
