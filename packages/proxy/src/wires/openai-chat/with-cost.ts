/** Adds `cost_usd` as the last field of an event's usage object. All other bytes stay the same. */
export function withCost(event: Buffer, costUsd: string): Buffer {
  const at = event.lastIndexOf('"usage"');
  const open = event.indexOf("{", at);
  const close = closingBrace(event, open);
  if (at === -1 || open === -1 || close === -1) return event;
  const field = `"cost_usd":${costUsd}`;
  const isEmpty =
    event
      .subarray(open + 1, close)
      .toString()
      .trim() === "";
  return Buffer.concat([event.subarray(0, close), Buffer.from(isEmpty ? field : `,${field}`), event.subarray(close)]);
}

function closingBrace(bytes: Buffer, open: number): number {
  let depth = 0;
  let inString = false;
  for (let at = open; at >= 0 && at < bytes.length; at++) {
    const char = String.fromCharCode(bytes[at] ?? 0);
    if (inString) {
      if (char === "\\") at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return at;
  }
  return -1;
}
