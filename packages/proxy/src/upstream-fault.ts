export type FaultKind =
  /** As many calls as may run at this provider do. */
  | "full"
  /** A kept connection ended before the first byte of an answer. */
  | "stale"
  | "refused"
  | "unreachable"
  | "blocked"
  | "reset"
  | "connect_timeout"
  | "header_timeout"
  | "idle_timeout"
  | "malformed"
  | "aborted";

/** What went wrong between us and a provider. `internal` may hold an address: for the log alone. */
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

/** Reads what undici's dispatcher threw, down to the cause that has a code. */
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
