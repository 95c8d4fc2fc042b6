import { spanOf } from "./json-span.ts";

/** Adds `cost_usd` as the last field of the usage object at `path` in an event. All other bytes stay the same. */
export function withCost(event: Buffer, path: readonly string[], costUsd: string): Buffer {
  const span = spanOf(event, path);
  if (!span || event[span.start] !== 0x7b) return event;
  const close = span.end - 1;
  const isEmpty = event.toString("latin1", span.start + 1, close).trim() === "";
  const field = `"cost_usd":${costUsd}`;
  return Buffer.concat([event.subarray(0, close), Buffer.from(isEmpty ? field : `,${field}`), event.subarray(close)]);
}

/** Sets `cost_usd` to 0 in a cached stream: only the first client paid for it. */
export function forRepeats(body: Buffer): Buffer {
  const at = body.lastIndexOf('"cost_usd":');
  if (at === -1) return body;
  const rest = body.toString("latin1", at);
  return Buffer.concat([
    body.subarray(0, at),
    Buffer.from(rest.replace(/^"cost_usd":[0-9.]+/, '"cost_usd":0'), "latin1"),
  ]);
}
