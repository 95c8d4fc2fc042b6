import { TollgateError } from "@tollgate/contracts/errors";
import type { Soon } from "@tollgate/limits/store";
import type { RawBody } from "../body/raw-body.ts";
import { boundaryOf, readingForm } from "../body/read-form.ts";
import { readJson } from "../body/read-json.ts";
import { atOnce, inTurns, LARGE_BYTES } from "../body/steps.ts";
import { unpacked } from "../body/unpacked.ts";
import type { Authenticated, Parsed } from "../call.ts";
import type { Ports } from "../ports.ts";
import { withStoredObjects } from "../routing/stored-objects.ts";
import type { InferenceSurface } from "../surfaces/surface.ts";

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;

const FORM_TYPE = /^multipart\/form-data\s*(?:;|$)/i;

interface ReadBody {
  body: Record<string, unknown>;
  raw: RawBody;
}

/** Reads the body and checks its size, media type, JSON or form, and fields. Throws 400, 408, 413, 415, 503. */
export async function parse(ports: Ports, call: Authenticated, surface: InferenceSurface): Promise<Parsed> {
  const { exchange } = call;
  const { bodyBytesMax, bodyTimeoutMs } = ports.settings;
  const bytes = await exchange.body(bodyBytesMax, bodyTimeoutMs);
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = exchange.headers;
  const { forms } = surface.wire;
  const isForm = forms !== undefined && FORM_TYPE.test(type);
  if (!isForm && (forms === "only" || !JSON_TYPE.test(type))) throw wrongType(forms);
  const boundary = isForm ? boundaryOf(type) : null;
  const { memory } = exchange;
  const lane = ports.lanes.of(call.grant.org.id);
  const read = (plain: Buffer): Soon<ReadBody> => {
    memory.body = plain;
    if (boundary === null) return readJson(plain, memory, lane, surface.wire);
    const reading = readingForm(plain, boundary);
    return plain.length <= LARGE_BYTES ? atOnce(reading) : inTurns(reading, lane);
  };
  const reading =
    encoding === "identity"
      ? read(bytes)
      : memory.unpacking(async () => read(await unpacked(bytes, encoding, bodyBytesMax, memory)));
  // Small bodies are read at once.
  const { body, raw } = reading instanceof Promise ? await reading : reading;
  call.asked = surface.wire.read(body, exchange);
  call.body = body;
  call.raw = raw;
  const named = withStoredObjects(ports, call.grant, surface.wire, { body, raw, bytes: memory.body });
  if (named) Object.assign(call, await named);
  return call as Parsed;
}

function wrongType(forms: "only" | "too" | undefined): TollgateError {
  const types = forms === "only" ? [] : ["application/json in UTF-8"];
  if (forms) types.push("multipart/form-data");
  return new TollgateError("unsupported_media_type", `Send the body as ${types.join(" or as ")}.`);
}
