import { TollgateError } from "@tollgate/contracts/errors";

/** One part of a form, before its content. */
export interface PartHead {
  name: string;
  isFile: boolean;
  /** As sent; null: none. */
  filename: string | null;
  contentType: string | null;
}

const DISPOSITION = /^form-data((?:\s*;\s*[a-z]+\*?=(?:"(?:[^"\\]|\\.)*"|[^\s;"]+))+)\s*$/i;
const PARAMETER = /([a-z]+\*?)=("(?:[^"\\]|\\.)*"|[^\s;"]+)/gi;
const NAME = /^[\w.-]{1,64}(?:\[[\w-]{0,64}\])?$/;
const CONTENT_TYPE = /^[\x20-\x7e]{1,200}$/;
const HARMLESS_ENCODINGS = new Set(["binary", "7bit", "8bit"]);

export const badForm = (message: string, param?: string): TollgateError =>
  new TollgateError("invalid_value", message, param === undefined ? {} : { param });

/**
 * Reads the header lines of part `number`. Anything that two parsers could read differently is refused: two names, two
 * dispositions, folded lines, an encoding of the content. Throws 400.
 */
export function readPartHead(lines: readonly string[], number: number): PartHead {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    if (colon < 1 || !/^[\w-]+$/.test(name))
      throw badForm(`Part ${number} of the form has a header line without a name.`);
    if (headers.has(name)) throw badForm(`Part ${number} of the form has the header ${name} twice.`);
    headers.set(name, line.slice(colon + 1).trim());
  }
  const encoding = headers.get("content-transfer-encoding")?.toLowerCase() ?? "binary";
  if (!HARMLESS_ENCODINGS.has(encoding)) {
    throw badForm(`Part ${number} of the form has a content-transfer-encoding. Send its bytes as they are.`);
  }
  const parameters = parametersOf(headers.get("content-disposition") ?? "", number);
  const name = parameters.get("name") ?? "";
  if (!NAME.test(name)) {
    throw badForm(
      `Part ${number} of the form needs a name of letters, digits, "_", "-" and ".", at most 64, and one more in brackets at most.`,
    );
  }
  const contentType = headers.get("content-type") ?? null;
  if (contentType !== null && !CONTENT_TYPE.test(contentType))
    throw badForm(`The content type of ${name} is not valid.`, name);
  const filename = parameters.get("filename") ?? null;
  return { name, isFile: filename !== null || parameters.has("filename*"), filename, contentType };
}

function parametersOf(disposition: string, number: number): Map<string, string> {
  const parameters = new Map<string, string>();
  const list = DISPOSITION.exec(disposition)?.[1];
  if (list === undefined) throw badForm(`Part ${number} of the form has no valid content-disposition.`);
  for (const [, name = "", value = ""] of list.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (parameters.has(key)) throw badForm(`Part ${number} of the form has ${key} twice.`);
    parameters.set(key, value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value);
  }
  return parameters;
}
