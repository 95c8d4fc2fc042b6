import type { Candidate, Parsed } from "../call.ts";
import type { Failure } from "../providers/adapter.ts";
import { refusedFields } from "../wires/refused-fields.ts";
import type { RefusedFields } from "./lessons.ts";

const STATUSES = new Set([400, 422]);

/** The fields that this failure says the provider refuses, and without which the call can be sent. Null: none. */
export function refusedBy(failure: Failure, call: Parsed, { way }: Candidate): RefusedFields | null {
  const { code, isRetryable, upstreamStatus } = failure;
  if (code !== "upstream_rejected" || isRetryable || !STATUSES.has(upstreamStatus)) return null;
  const { wire, serving } = way;
  const isPassed = wire === call.surface.wire;
  if (!isPassed && !wire.bridge && !wire.embedBridge) return null;
  return refusedFields(failure, { wire: wire.id, body: call.body, asked: call.asked, serving, isPassed });
}
