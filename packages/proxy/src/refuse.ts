import type { Dialect } from "@tollgate/catalog/providers";
import { ERRORS, TollgateError } from "@tollgate/contracts/errors";
import type { Uuid } from "@tollgate/contracts/ids";

/** A failure as this client is to hear it. */
export interface Refusal {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const OPENAI_TYPES: Record<number, string> = {
  401: "authentication_error",
  402: "insufficient_quota",
  403: "permission_error",
  404: "not_found_error",
  408: "timeout_error",
  429: "rate_limit_error",
};

const openAiType = (status: number): string =>
  OPENAI_TYPES[status] ?? (status >= 500 ? "server_error" : "invalid_request_error");

/** Anything thrown becomes one of ours; what we did not expect tells the client nothing. */
export function asTollgateError(error: unknown): TollgateError {
  if (error instanceof TollgateError) return error;
  const internal = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new TollgateError("internal_error", "The gateway failed to handle this request.", {}, internal);
}

/** The one place where an error turns into bytes: machine fields are the same in every dialect. */
export function refuse(error: TollgateError, dialect: Dialect, requestId: Uuid, docsUrl: string): Refusal {
  const { code, status, message, detail } = error;
  const fields = {
    code,
    ...(detail.scope !== undefined && { scope: detail.scope }),
    ...(detail.window !== undefined && { window: detail.window }),
    ...(detail.resetsAt !== undefined && { resets_at: detail.resetsAt }),
    request_id: requestId,
    docs_url: `${docsUrl}#${code}`,
  };
  const type = openAiType(status);
  const param = detail.param ?? null;
  const body =
    dialect === "openai"
      ? { error: { message, type, param, ...fields } }
      : dialect === "anthropic"
        ? { type: "error", error: { type, message, ...fields }, request_id: requestId }
        : { error: { code: status, status: code.toUpperCase(), message, details: [fields] } };
  const headers: Record<string, string> = { "content-type": "application/json", ...detail.headers };
  if (status === 401) headers["www-authenticate"] = "Bearer";
  if (status === 402 || (status === 429 && !ERRORS[code].retry)) headers["x-should-retry"] = "false";
  if (detail.retryAfterSeconds !== undefined) headers["retry-after"] = String(detail.retryAfterSeconds);
  else if (status === 503) headers["retry-after"] = "1";
  return { status, headers, body: JSON.stringify(body) };
}
