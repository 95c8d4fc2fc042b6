import type { Log } from "./log.ts";
import { readFrames } from "./read.ts";
import { listSegments } from "./segment.ts";

/** The event of a request whose process crashed before the request ended: its estimate, marked as interrupted. */
function interrupted(dispatched: string): string {
  const event: Record<string, unknown> = JSON.parse(dispatched);
  const flags = Array.isArray(event.flags) ? event.flags : [];
  return JSON.stringify({ ...event, outcome: "interrupted", flags: [...new Set([...flags, "interrupted"])] });
}

/**
 * Ends the requests that an earlier process dispatched and did not end. Must run before any other append.
 * @returns the number of these requests
 */
export async function recoverSpool(dir: string, log: Log): Promise<number> {
  const oldest = (await listSegments(dir))[0];
  if (!oldest) return 0;
  const open = new Map<string, string>();
  for await (const { kind, id, payload } of readFrames(dir, oldest.base, log.end)) {
    if (kind === "D") open.set(id, payload.toString());
    else open.delete(id);
  }
  // If a write fails, the log retries it, and the dispatch records are still in the files.
  await Promise.allSettled([...open].map(([id, text]) => log.append({ kind: "S", id, text: interrupted(text) })));
  return open.size;
}
