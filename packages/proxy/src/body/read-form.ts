import { isUtf8 } from "node:buffer";
import { TollgateError } from "@tollgate/contracts/errors";
import { isForbiddenName } from "./forbidden-names.ts";
import { FormFile } from "./form-file.ts";
import { badForm, readPartHead } from "./form-part.ts";
import { type FormPart, RawForm } from "./raw-form.ts";
import type { Steps } from "./steps.ts";

export interface ReadForm {
  /** A field's text, or its file. A name that ends in `[]` has a list. */
  body: Record<string, unknown>;
  raw: RawForm;
}

const PARTS_MAX = 256;
const HEADER_BYTES_MAX = 8 * 1024;
/** Bytes of one field that is not a file, and of all of them. */
const TEXT_BYTES_MAX = 1024 * 1024;
/** Bytes that are searched in one step. */
const STEP_BYTES = 256 * 1024;
const BOUNDARY = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i;
const BOUNDARY_CHARS = /^[\w'()+,./:=? -]*[\w'()+,./:=?-]$/;

const CRLF = "\r\n";

/** The boundary in the content type of a form. Throws 400 when there is none. */
export function boundaryOf(contentType: string): string {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? plain ?? "";
  if (!BOUNDARY_CHARS.test(boundary))
    throw badForm("The content type multipart/form-data needs a boundary.", "content-type");
  return boundary;
}

/**
 * Reads a form in steps. The bytes of files are not copied. Throws 400 for a form that is not valid, and 413 beyond a
 * bound.
 */
export function* readingForm(bytes: Buffer, boundary: string): Steps<ReadForm> {
  const dashes = `--${boundary}`;
  const delimiter = Buffer.from(CRLF + dashes);
  if (bytes.toString("latin1", 0, dashes.length) !== dashes)
    throw badForm("The form does not begin with the boundary of its content type.");
  const parts: FormPart[] = [];
  const body: Record<string, unknown> = Object.create(null);
  let texts = 0;
  let at = dashes.length;
  while (bytes.toString("latin1", at, at + 2) !== "--") {
    if (bytes.toString("latin1", at, at + 2) !== CRLF)
      throw badForm("The form is not complete: a boundary has no line end.");
    const number = parts.length + 1;
    if (number > PARTS_MAX) throw tooMuch(`${PARTS_MAX} parts`);
    const head = bytes.subarray(at + 2, at + 2 + HEADER_BYTES_MAX);
    const length = head.indexOf(CRLF + CRLF);
    if (length === -1)
      throw badForm(`The headers of part ${number} of the form do not end within ${HEADER_BYTES_MAX} bytes.`);
    const part = readPartHead(head.toString("utf8", 0, length).split(CRLF), number);
    const start = at + 2 + length + 4;
    const end = yield* found(bytes, delimiter, start - 2);
    // A part without content ends with the line end before it.
    const content = bytes.subarray(start, Math.max(start, end));
    if (!part.isFile) {
      texts += content.length;
      if (texts > TEXT_BYTES_MAX) throw tooMuch(`${TEXT_BYTES_MAX} bytes in fields that are not files`);
    }
    add(body, part.name, part.isFile ? new FormFile(content) : textOf(content, part.name));
    parts.push({ ...part, content });
    at = end + delimiter.length;
    yield;
  }
  return { body, raw: new RawForm(boundary, parts, bytes.length) };
}

/** Where the next delimiter is, searched in steps. */
function* found(bytes: Buffer, delimiter: Buffer, from: number): Steps<number> {
  for (let at = from; at < bytes.length; at += STEP_BYTES) {
    const index = bytes.subarray(at, at + STEP_BYTES + delimiter.length - 1).indexOf(delimiter);
    if (index !== -1) return at + index;
    yield;
  }
  throw badForm("The form is not complete: its last boundary is missing.");
}

function add(body: Record<string, unknown>, name: string, value: unknown): void {
  if (isForbiddenName(name) || name.split("[").some((part) => isForbiddenName(part.replace("]", "")))) {
    throw new TollgateError("forbidden_parameter", `The body must not contain ${name}.`, { param: name });
  }
  const before = body[name];
  if (!name.endsWith("[]")) {
    if (before !== undefined) {
      throw new TollgateError("duplicate_key", `The form contains ${name} twice.`, { param: name });
    }
    body[name] = value;
  } else if (Array.isArray(before)) {
    if (before[0] instanceof FormFile !== value instanceof FormFile)
      throw badForm(`${name} has both texts and files.`, name);
    before.push(value);
  } else body[name] = [value];
}

function textOf(content: Buffer, name: string): string {
  if (isUtf8(content)) return content.toString();
  throw new TollgateError("invalid_utf8", `The field ${name} is not valid UTF-8.`, { param: name });
}

const tooMuch = (what: string) => new TollgateError("request_too_large", `The form has more than ${what}.`);
