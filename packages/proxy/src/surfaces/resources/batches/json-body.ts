import { TollgateError } from "@tollgate/contracts/errors";
import type { Exchange } from "../../../exchange.ts";
import type { Ports } from "../../../ports.ts";

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;

/** The bytes of a body that must be JSON. Throws 408, 413, 415. */
export function jsonBody({ settings }: Ports, exchange: Exchange, bytesMax: number): Promise<Buffer> {
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = exchange.headers;
  if (!JSON_TYPE.test(type) || encoding !== "identity")
    throw new TollgateError("unsupported_media_type", "Send the body as application/json in UTF-8, not compressed.");
  return exchange.body(Math.min(bytesMax, settings.bodyBytesMax), settings.bodyTimeoutMs);
}
