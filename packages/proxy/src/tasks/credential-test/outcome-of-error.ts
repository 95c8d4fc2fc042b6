import type { CredentialTestOutcome } from "@tollgate/contracts/tasks";

const BY_CODE: Record<string, CredentialTestOutcome> = {
  EBLOCKED: "host_blocked",
  ENOTFOUND: "host_not_found",
  EAI_AGAIN: "host_not_found",
  ECONNREFUSED: "connection_refused",
  EPROTO: "tls_failed",
  ETIMEDOUT: "timed_out",
  UND_ERR_CONNECT_TIMEOUT: "timed_out",
  UND_ERR_HEADERS_TIMEOUT: "timed_out",
  ABORT_ERR: "timed_out",
};

/** Codes of OpenSSL and of Node's own check of certificates. */
const OF_TLS = /CERT|TLS|SSL|SIGNATURE|ALTNAME|CRL|UNABLE_TO|HOSTNAME_MISMATCH/;

const causesOf = (error: Error): unknown[] => (error instanceof AggregateError ? error.errors : [error.cause]);

/** Why there was no answer, by the first code that is known in the error or its causes. */
export function outcomeOfError(error: unknown): CredentialTestOutcome {
  const waiting = [error];
  for (let each = waiting.shift(); each instanceof Error; each = waiting.shift()) {
    const code = "code" in each ? String(each.code) : "";
    const known = BY_CODE[code];
    if (known) return known;
    if (OF_TLS.test(code)) return "tls_failed";
    if (each.name === "AbortError" || each.name === "TimeoutError") return "timed_out";
    waiting.push(...causesOf(each));
  }
  return "connection_failed";
}
