import { gzipSync } from "node:zlib";
import { raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openResponsesSetup, type ResponsesSetup } from "./responses-setup.ts";

let setup: ResponsesSetup;
beforeEach(async () => {
  setup = await openResponsesSetup();
});
afterEach(() => setup.close());

const data = (json: string): string => `data: ${json}\n\n`;
const begun = data('{"type":"response.output_item.added","output_index":0,"item":{"type":"message"}}');
const padding = `"padding":"${"x".repeat(300_000)}"`;

it.each([
  ["a value", `{"type":"response.completed",${padding},"response":{"status":nothing}}`],
  ["a type", `{"type":nothing,${padding}}`],
  ["an id", `{"type":"response.completed",${padding},"response":{"id":"\\q","status":"completed"}}`],
  ["an end", `{"type":"response.completed",${padding},"response":{"status":{"a":`],
])("a large event with %s that is not JSON ends the stream with an error, and nothing else", async (_name, json) => {
  for (const encoding of ["identity", "gzip"]) {
    const bytes = Buffer.from(begun + data(json));
    const headers = { "content-type": "text/event-stream", "content-encoding": encoding };
    setup.provider.script(raw([encoding === "gzip" ? gzipSync(bytes) : bytes], headers));
    const response = await setup.respond({ input: "Hi", stream: true });
    expect(await response.text()).toContain("error");
  }
});
