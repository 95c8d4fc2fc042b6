import { TollgateError } from "@tollgate/contracts/errors";

export interface Input {
  /** Path, query and body in one object, as input of the verb. */
  fields: Record<string, unknown>;
  /** The raw body. */
  text: string;
}

/** Far above the input of any verb for one object. */
const BODY_BYTES_MAX = 1_048_576;

/** Stops reading at the limit, independently of the announced length. */
async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = () => new TollgateError("request_too_large", `The body is larger than ${bytesMax} bytes.`);
  if (Number(request.headers.get("content-length")) > bytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > bytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new TollgateError("invalid_utf8", "The body is not UTF-8.");
  }
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TollgateError("invalid_json", "The body is not JSON.");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TollgateError("invalid_type", "The body must be a JSON object.");
}

function readQuery(url: URL): Record<string, string> {
  const names = [...url.searchParams.keys()];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) throw new TollgateError("invalid_value", `The parameter ${twice} is given twice.`, { param: twice });
  return Object.fromEntries(url.searchParams);
}

/** Throws `request_too_large`, `unsupported_media_type`, `invalid_*`, and `validation_failed` for a name in two places. */
export async function readInput(
  request: Request,
  params: Record<string, string>,
  bytesMax = BODY_BYTES_MAX,
): Promise<Input> {
  const query = readQuery(new URL(request.url));
  const text = request.method === "GET" ? "" : decode(await readBytes(request, bytesMax));
  const type = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (text && type !== "application/json") {
    throw new TollgateError("unsupported_media_type", "The body must be application/json.");
  }
  const body = text ? parseObject(text) : {};
  const parts = [params, query, body];
  const names = parts.flatMap((part) => Object.keys(part));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) {
    const fields = { [twice]: "is given in two places" };
    throw new TollgateError("validation_failed", "Some fields are not valid.", { fields });
  }
  return { fields: Object.assign({}, ...parts), text };
}
