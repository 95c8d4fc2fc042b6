import { TollgateError } from "@tollgate/contracts/errors";
import type { Soon } from "@tollgate/limits/store";
import { type ReadJson, readJson } from "../body/read-json.ts";
import { unpacked } from "../body/unpacked.ts";
import type { Authenticated, Parsed } from "../call.ts";
import type { Ports } from "../ports.ts";
import type { InferenceSurface } from "../surfaces/surface.ts";

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;

/** Reads the body and checks its size, media type, JSON and fields. Throws 400, 408, 413, 415, 503. */
export async function parse(ports: Ports, call: Authenticated, surface: InferenceSurface): Promise<Parsed> {
  const { exchange } = call;
  const { bodyBytesMax, bodyTimeoutMs } = ports.settings;
  const bytes = await exchange.body(bodyBytesMax, bodyTimeoutMs);
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = exchange.headers;
  if (!JSON_TYPE.test(type)) {
    throw new TollgateError("unsupported_media_type", "Send the body as application/json in UTF-8.");
  }
  const { memory } = exchange;
  const lane = ports.lanes.of(call.grant.org.id);
  const read = (plain: Buffer): Soon<ReadJson> => {
    memory.body = plain;
    return readJson(plain, memory, lane, surface.wire);
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
  return call as Parsed;
}
