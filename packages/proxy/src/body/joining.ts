import { LARGE_BYTES, type Steps } from "./steps.ts";

const STEP_BYTES = 512 * 1024;

/** Concatenates chunks in steps. */
export function* joining(chunks: readonly Buffer[]): Steps<Buffer> {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (length <= LARGE_BYTES) return Buffer.concat(chunks);
  const joined = Buffer.allocUnsafeSlow(length);
  let at = 0;
  let copied = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
    copied += chunk.length;
    if (copied < STEP_BYTES) continue;
    copied = 0;
    yield;
  }
  return joined;
}
