export type FaultKind =
  /** The maximum number of concurrent calls to this provider is reached. */
  | "full"
  /** A kept-alive connection ended before the first byte of an answer. */
  | "stale"
  | "refused"
  | "unreachable"
  | "blocked"
  | "reset"
  | "connect_timeout"
  | "header_timeout"
  /** The response has begun, but the model has not said anything. */
  | "first_token_timeout"
  | "idle_timeout"
  | "malformed"
  | "aborted";

/** A failed upstream request. `internal` may contain an address and is only for the log. */
export interface UpstreamFault {
  kind: FaultKind;
  internal: string;
}

const KINDS: Record<string, FaultKind> = {
  ECONNREFUSED: "refused",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EBLOCKED: "blocked",
  ECONNRESET: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  ETIMEDOUT: "connect_timeout",
  UND_ERR_CONNECT_TIMEOUT: "connect_timeout",
  UND_ERR_HEADERS_TIMEOUT: "header_timeout",
  UND_ERR_BODY_TIMEOUT: "idle_timeout",
  UND_ERR_HEADERS_OVERFLOW: "malformed",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "malformed",
  UND_ERR_ABORTED: "aborted",
  ABORT_ERR: "aborted",
};

/** Classifies an error of undici's dispatcher by the first known code among its causes. */
export function upstreamFault(error: unknown): UpstreamFault {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = "code" in cause ? String(cause.code) : "";
    const internal = `${code || cause.name}: ${cause.message}`;
    if (code in KINDS) return { kind: KINDS[code] ?? "reset", internal };
    if (code.startsWith("HPE_")) return { kind: "malformed", internal };
    if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code)) return { kind: "unreachable", internal };
    if (cause.name === "AbortError") return { kind: "aborted", internal };
  }
  return { kind: "reset", internal: String(error) };
}
