import { isUtf8 } from "node:buffer";
import { TollgateError } from "@tollgate/contracts/errors";
import { RawJson } from "./raw-json.ts";
import { scanJson } from "./scan-json.ts";

export interface ReadJson {
  body: Record<string, unknown>;
  raw: RawJson;
}

/** Names that would reach past policy: another origin, another secret, an option of ours. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  "api_base",
  "apiBase",
  "api_key",
  "apiKey",
  "api_version",
  "base_url",
  "baseUrl",
  "baseURL",
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "custom_llm_provider",
  "extra_headers",
  "vertex_credentials",
]);

/** An upload's bytes as a JSON object, within 64 levels, without duplicate or forbidden names. Throws 400. */
export function readJson(bytes: Buffer): ReadJson {
  if (!isUtf8(bytes)) throw new TollgateError("invalid_utf8", "The request body is not valid UTF-8.");
  const text = bytes.toString();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new TollgateError("invalid_json", "The request body is not valid JSON.");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new TollgateError("invalid_type", "The request body must be a JSON object.");
  }
  const fields = scanJson(text, { depthMax: 64, forbidden: FORBIDDEN });
  return { body: body as Record<string, unknown>, raw: new RawJson(bytes, text, fields) };
}
