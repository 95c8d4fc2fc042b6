import { publicError } from "@tollgate/control/public-error";

const DOCS = "https://tollgate.dev/errors";

/** Any thrown error as RFC 9457 problem details. An internal error reveals only the request's id. */
export function problem(error: unknown, requestId: string): Response {
  const { code, status, message, detail } = publicError(error);
  const body = {
    type: `${DOCS}#${code}`,
    title: code.replaceAll("_", " "),
    status,
    detail: message,
    code,
    ...(detail.fields ? { fields: detail.fields } : {}),
    request_id: requestId,
  };
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  for (const [name, value] of Object.entries(detail.headers ?? {})) headers.set(name, value);
  if (status === 401) headers.set("www-authenticate", 'Bearer realm="tollgate"');
  if (detail.retryAfterSeconds !== undefined) headers.set("retry-after", String(detail.retryAfterSeconds));
  return new Response(JSON.stringify(body), { status, headers });
}
