import { ERRORS, TollgateError } from "@tollgate/contracts/errors";
import type { Uuid } from "@tollgate/contracts/ids";
import type { ErrorWording } from "./wires/error-wording.ts";

/** An error response. */
export interface Refusal {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Turns anything thrown into a `TollgateError`. The message of an unexpected error shows the client no detail. */
export function asTollgateError(error: unknown): TollgateError {
  if (error instanceof TollgateError) return error;
  const internal = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new TollgateError("internal_error", "The gateway failed to handle this request.", {}, internal);
}

/** Turns an error into a response. The machine-readable fields are the same in every API format. */
export function refuse(error: TollgateError, wording: ErrorWording, requestId: Uuid, docsUrl: string): Refusal {
  const { code, status, message, detail } = error;
  const fields = {
    code,
    ...(detail.scope !== undefined && { scope: detail.scope }),
    ...(detail.window !== undefined && { window: detail.window }),
    ...(detail.resetsAt !== undefined && { resets_at: detail.resetsAt }),
    ...(detail.providerCode !== undefined && { provider_code: detail.providerCode }),
    ...(detail.failedGeneration !== undefined && { failed_generation: detail.failedGeneration }),
    request_id: requestId,
    docs_url: `${docsUrl}#${code}`,
  };
  const { param = null, retryAfterSeconds } = detail;
  const body = wording({ code, status, message, param, requestId, retryAfterSeconds, fields });
  const headers: Record<string, string> = { "content-type": "application/json", ...detail.headers };
  if (status === 401) headers["www-authenticate"] = "Bearer";
  if (status === 402 || (status === 429 && !ERRORS[code].retry)) headers["x-should-retry"] = "false";
  if (detail.retryAfterSeconds !== undefined) headers["retry-after"] = String(detail.retryAfterSeconds);
  else if (status === 503) headers["retry-after"] = "1";
  return { status, headers, body: JSON.stringify(body) };
}
