import type { AuthScheme } from "@tollgate/catalog/providers";
import type { AdapterCall } from "../../providers/adapter.ts";

const authHeader = (auth: AuthScheme, secret: string): string[] =>
  auth === "bearer" ? ["authorization", `Bearer ${secret}`] : [auth, secret];

/** Nothing of the caller's headers leaves: what a provider gets is listed here. */
export function outgoingHeaders({ provider, secret, stream }: AdapterCall): string[] {
  return [
    "content-type",
    "application/json",
    "accept",
    stream ? "text/event-stream" : "application/json",
    "accept-encoding",
    "identity",
    "user-agent",
    "tollgate",
    ...(secret === "" ? [] : authHeader(provider.auth, secret)),
  ];
}

/** The caller's bytes but for what must differ: the model's name, a bound we set, and a stream's usage, always asked. */
export function outgoingBody(call: AdapterCall): Buffer | readonly Buffer[] {
  const { body, raw, provider, upstreamModel } = call;
  const changes: Record<string, unknown> = {};
  if (body.model !== upstreamModel) changes.model = upstreamModel;
  if (call.maxOutputTokens !== null) changes[maxTokensField(call)] = call.maxOutputTokens;
  if (call.stream && !call.wantsUsage && provider.features.streamUsage === "ask") {
    changes.stream_options = { ...(body.stream_options as object | undefined), include_usage: true };
  }
  const texts = Object.entries(changes).map(([name, value]) => [name, JSON.stringify(value)]);
  const edits = Object.fromEntries(texts);
  return raw.byteLength > COPIED_BYTES_MAX ? raw.pieces(edits) : raw.with(edits);
}

/** A larger body is sent in pieces and not copied. */
const COPIED_BYTES_MAX = 256 * 1024;

/** The caller's own field when there is one: sending both would be refused. */
const maxTokensField = ({ body, provider }: AdapterCall): string =>
  ["max_tokens", "max_completion_tokens"].find((name) => (body[name] ?? null) !== null) ??
  provider.features.maxTokensField;

interface Place {
  origin: string;
  prefix: string;
}

const places = new Map<string, Place>();
const PLACES_MAX = 10_000;

/** `https://host/v1` → origin and path prefix; remembered, so the hot path makes no URL objects. */
export function splitBaseUrl(baseUrl: string): Place {
  let place = places.get(baseUrl);
  if (!place) {
    const { origin, pathname } = new URL(baseUrl);
    place = { origin, prefix: pathname.replace(/\/+$/, "") };
    if (places.size >= PLACES_MAX) places.clear();
    places.set(baseUrl, place);
  }
  return place;
}
