import { encodeFrame } from "./frame.ts";
import type { Log } from "./log.ts";
import { readFrames } from "./read.ts";
import { listSegments } from "./segment.ts";

/** What a dispatched request is counted as when its process died before it ended: its estimate, and marked so. */
function interrupted(dispatched: string): string {
  const event: Record<string, unknown> = JSON.parse(dispatched);
  const flags = Array.isArray(event.flags) ? event.flags : [];
  return JSON.stringify({ ...event, outcome: "interrupted", flags: [...new Set([...flags, "interrupted"])] });
}

/**
 * Ends in the log what an earlier process dispatched and did not end. Must run before anything else is appended.
 * Answers how many there were.
 */
export async function recoverSpool(dir: string, log: Log): Promise<number> {
  const oldest = (await listSegments(dir))[0];
  if (!oldest) return 0;
  const open = new Map<string, string>();
  for await (const { kind, id, payload } of readFrames(dir, oldest.base, log.end)) {
    if (kind === "D") open.set(id, payload.toString());
    else open.delete(id);
  }
  // A disk that refuses gets them later: they are kept in memory, and the dispatches are still in the files.
  await Promise.allSettled([...open].map(([id, text]) => log.append(encodeFrame("S", id, interrupted(text)))));
  return open.size;
}
