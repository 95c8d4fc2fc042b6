import type { IncomingHttpHeaders } from "node:http";
import { TollgateError } from "@tollgate/contracts/errors";

/** Attributes that the caller gives to a call. They are recorded and never used as identifiers. */
export interface Labels {
  tags: Record<string, string>;
  customer: string | null;
  /** The run or conversation that the call is part of. */
  session: string | null;
  metadata: string | null;
  clientRequestId: string | null;
}

export const NO_LABELS: Labels = { tags: {}, customer: null, session: null, metadata: null, clientRequestId: null };

const LABEL_CHARS_MAX = 128;
const TAGS_MAX = 16;
const METADATA_CHARS_MAX = 4096;
const CONTROL = /\p{Cc}/u;

const invalid = (header: string, why: string) =>
  new TollgateError("invalid_value", `The header ${header} ${why}.`, { param: header });

/** Tags, customer, run, metadata and request id from the request headers. Throws 400 `invalid_value`. */
export function readLabels(headers: IncomingHttpHeaders): Labels {
  const tags = one(headers, "x-tollgate-tags");
  const customer = one(headers, "x-tollgate-customer");
  const session = one(headers, "x-tollgate-session") ?? agentSession(headers);
  const metadata = one(headers, "x-tollgate-metadata");
  const requestId = one(headers, "x-request-id");
  if (tags === null && customer === null && session === null && metadata === null && requestId === null)
    return NO_LABELS;
  checkLength("x-tollgate-customer", customer);
  checkLength("x-tollgate-session", session);
  if (metadata !== null) checkMetadata(metadata);
  return {
    tags: tags === null ? {} : readTags(tags),
    customer,
    session,
    metadata,
    clientRequestId: requestId?.slice(0, LABEL_CHARS_MAX) ?? null,
  };
}

function one(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  if (typeof value !== "string" || value === "") return null;
  if (CONTROL.test(value)) throw invalid(name, "holds a control character");
  return value;
}

function checkLength(header: string, value: string | null): void {
  if (value !== null && value.length > LABEL_CHARS_MAX) throw invalid(header, `exceeds ${LABEL_CHARS_MAX} characters`);
}

/**
 * Headers in which coding agents send the id of their session, in order of precedence:
 * - Claude Code, https://code.claude.com/docs/en/llm-gateway-protocol
 * - Codex, `codex-rs/codex-api/src/requests/headers.rs` of github.com/openai/codex; earlier versions with an underscore
 * - OpenCode, `packages/opencode/src/session/llm/request.ts` of github.com/sst/opencode
 */
const AGENT_HEADERS = [
  "x-claude-code-session-id",
  "session-id",
  "session_id",
  "x-opencode-session",
  "x-session-affinity",
];

/** An agent's header that is no usable id names no run: its user cannot change it. */
function agentSession(headers: IncomingHttpHeaders): string | null {
  for (const name of AGENT_HEADERS) {
    const value = headers[name];
    if (typeof value !== "string" || value === "") continue;
    if (value.length <= LABEL_CHARS_MAX && !CONTROL.test(value)) return value;
  }
  return null;
}

function readTags(header: string): Record<string, string> {
  const tags: Record<string, string> = {};
  const parts = header.split(",").map((part) => part.trim());
  if (parts.length > TAGS_MAX) throw invalid("x-tollgate-tags", `names more than ${TAGS_MAX} tags`);
  for (const part of parts) {
    const equals = part.indexOf("=");
    const name = part.slice(0, equals).trim();
    const value = part.slice(equals + 1).trim();
    if (equals < 1 || value === "" || name.length > LABEL_CHARS_MAX || value.length > LABEL_CHARS_MAX) {
      throw invalid("x-tollgate-tags", `must read name=value,… with at most ${LABEL_CHARS_MAX} characters each`);
    }
    // JSON parsers may drop this name, so the tag would be lost later.
    if (name === "__proto__") throw invalid("x-tollgate-tags", "may not name a tag __proto__");
    if (Object.hasOwn(tags, name)) throw invalid("x-tollgate-tags", `names ${name} twice`);
    tags[name] = value;
  }
  return tags;
}

function checkMetadata(text: string): void {
  if (text.length > METADATA_CHARS_MAX)
    throw invalid("x-tollgate-metadata", `exceeds ${METADATA_CHARS_MAX} characters`);
  try {
    JSON.parse(text);
  } catch {
    throw invalid("x-tollgate-metadata", "is not JSON");
  }
}
