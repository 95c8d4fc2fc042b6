import type { AttemptTimeouts } from "../routing/timeouts.ts";
import type { UpstreamRequest } from "../upstream.ts";

type Limits = Pick<UpstreamRequest, "connectTimeoutMs" | "headerTimeoutMs" | "idleTimeoutMs">;

/** The time limits of a request. Those that are absent are the gateway's. */
export const upstreamTimeouts = ({ connectMs, firstByteMs, idleMs }: AttemptTimeouts): Limits => ({
  connectTimeoutMs: connectMs,
  headerTimeoutMs: firstByteMs,
  idleTimeoutMs: idleMs,
});
