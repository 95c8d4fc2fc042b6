import { TollgateError } from "@tollgate/contracts/errors";
import type { GuardrailHit } from "@tollgate/contracts/usage-event";
import { anything } from "../../../body/places.ts";
import { readJson } from "../../../body/read-json.ts";
import type { Ports } from "../../../ports.ts";
import { isString } from "../../../wires/stored-objects.ts";
import type { InferenceSurface, ResourceCaller } from "../../surface.ts";
import { LINE_SURFACES } from "./batch-surfaces.ts";
import type { BatchTarget } from "./batch-target.ts";
import { Chunks } from "./chunks.ts";
import { type CheckedLine, LineCheck } from "./line-check.ts";
import { LineMemory } from "./line-memory.ts";

const LINES_MAX = 50_000;
const BLANKS_MAX = 1_000;
const ID_CHARS_MAX = 512;
const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
const FIELDS = new Set(["custom_id", "method", "url", "body"]);

export interface CheckedLines {
  chosen: BatchTarget;
  surface: InferenceSurface;
  /** The path that all lines name. */
  url: string;
  count: number;
  /** The lines as the provider gets them. */
  jsonl: Buffer[];
}

interface Options {
  /** The target of all lines, by the model that the first one names. */
  targetOf(model: string, surface: InferenceSurface, credentialId: string | null): BatchTarget;
  /** The provider stores the lines, with its ids of files in them. */
  isStored?: boolean;
  /** Called with each line after its checks. */
  onLine?(line: CheckedLine, chosen: BatchTarget): void;
  /** Called with what guardrails found so far, also before a refusal. */
  onHits?(hits: GuardrailHit[]): void;
}

/**
 * Checks the input of a batch in OpenAI's format, a request in each line, in turns of the organisation's lane. Throws 400, 403,
 * 404 and names the line and the field.
 */
export async function checkLines(
  ports: Ports,
  caller: ResourceCaller,
  jsonl: Buffer,
  { targetOf, onLine, onHits, isStored = false }: Options,
): Promise<CheckedLines> {
  const lane = ports.lanes.of(caller.grant.org.id);
  const chunks = new Chunks(caller.exchange.memory);
  const ids = new Set<string>();
  let url: string | null = null;
  let check: LineCheck | null = null;
  let surface: InferenceSurface | null = null;
  let number = 0;
  for (const bytes of linesOf(jsonl)) {
    number += 1;
    await lane.turn();
    try {
      if (ids.size === LINES_MAX) throw refused("request_too_large", `A batch has at most ${LINES_MAX} lines.`);
      const line = await readLine(ports, caller, bytes, surface);
      if (ids.has(line.customId)) throw refused("invalid_value", "custom_id must be unique.", "custom_id");
      ids.add(line.customId);
      url ??= line.url;
      if (line.url !== url) throw refused("invalid_value", `url must be ${url}, as in the first line.`, "url");
      const of = line.surface;
      surface ??= of;
      check ??= new LineCheck(ports, caller, {
        surface: of,
        target: { path: url, query: "", headers: {} },
        ...(onHits && { onHits }),
        isStored,
        targetOf: (model, credentialId) => targetOf(model, of, credentialId),
      });
      const checked = await inBody(check.check(line.body));
      if (check.chosen) onLine?.(checked, check.chosen);
      chunks.add(line.before, checked.body, line.after);
    } catch (error) {
      throw atLine(number, error);
    }
  }
  if (!check?.chosen || url === null || surface === null)
    throw refused("invalid_value", "The file has no lines.", "file");
  return { chosen: check.chosen, surface, url, count: ids.size, jsonl: chunks.all() };
}

/** Empty lines are skipped. Throws 400 for a file of little else. */
function* linesOf(jsonl: Buffer): Generator<Buffer> {
  let blanks = 0;
  for (let at = 0; at < jsonl.length; ) {
    const found = jsonl.indexOf(NEWLINE, at);
    const end = found === -1 ? jsonl.length : found;
    const line = jsonl.subarray(at, end);
    at = end + 1;
    if (!isBlank(line)) yield line;
    else if (++blanks > BLANKS_MAX) throw refused("invalid_value", `More than ${BLANKS_MAX} lines are empty.`, "file");
  }
}

const isBlank = (line: Buffer): boolean =>
  line.length === 0 || (line.length < 64 && line.toString("latin1").trim() === "");

interface Line {
  customId: string;
  url: string;
  surface: InferenceSurface;
  /** The request. */
  body: Buffer;
  /** The bytes of the line around the request. */
  before: Buffer;
  after: Buffer;
}

async function readLine(
  ports: Ports,
  { exchange, grant }: ResourceCaller,
  bytes: Buffer,
  known: InferenceSurface | null,
): Promise<Line> {
  const memory = new LineMemory(exchange.memory);
  const { jsonBounds } = known?.wire ?? {};
  // Names are checked in the request itself: here the values in it may have any name.
  const expected = { places: anything, ...(jsonBounds && { jsonBounds }) };
  const { body: line, raw } = await readJson(bytes, memory, ports.lanes.of(grant.org.id), expected);
  memory.giveAll();
  const unknown = Object.keys(line).find((name) => !FIELDS.has(name));
  if (unknown !== undefined)
    throw refused("invalid_value", `A line has only ${[...FIELDS].join(", ")}.`, unknown.slice(0, 64));
  const { custom_id: customId, method, url } = line;
  if (!isString(customId) || customId === "" || customId.length > ID_CHARS_MAX)
    throw refused("invalid_value", `custom_id must be a string of 1 to ${ID_CHARS_MAX} characters.`, "custom_id");
  if (method !== "POST") throw refused("invalid_value", "method must be POST.", "method");
  const surface = isString(url) ? LINE_SURFACES.get(url) : undefined;
  if (!isString(url) || !surface)
    throw refused("invalid_value", `url must be ${[...LINE_SURFACES.keys()].join(", ")}.`, "url");
  const body = raw.value("body");
  if (body?.[0] !== OPEN_BRACE) throw refused("invalid_type", "body must be an object.", "body");
  const start = body.byteOffset - bytes.byteOffset;
  return { customId, url, surface, body, before: bytes.subarray(0, start), after: bytes.subarray(start + body.length) };
}

const refused = (code: TollgateError["code"], message: string, param?: string): TollgateError =>
  new TollgateError(code, message, param === undefined ? {} : { param });

/** An error about a field of the request names it as a field of the line. */
async function inBody<T>(checking: Promise<T>): Promise<T> {
  try {
    return await checking;
  } catch (error) {
    if (!(error instanceof TollgateError) || error.detail.param === undefined) throw error;
    throw new TollgateError(error.code, error.message, { ...error.detail, param: `body.${error.detail.param}` });
  }
}

function atLine(number: number, error: unknown): unknown {
  if (!(error instanceof TollgateError) || error.status >= 500) return error;
  return new TollgateError(error.code, `Line ${number}: ${error.message}`, error.detail, error.internal);
}
