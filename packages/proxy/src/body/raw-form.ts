import type { PartHead } from "./form-part.ts";
import type { RawBody } from "./raw-body.ts";

export interface FormPart extends PartHead {
  content: Buffer;
}

type Changes = Readonly<Record<string, string | Buffer>>;
type Names = Readonly<Record<string, string | null>>;

const quoted = (text: string): string => `"${text.replace(/[\r\n"]/g, (char) => encodeURIComponent(char))}"`;

const sizeOf = (parts: readonly FormPart[]): number => parts.reduce((sum, { content }) => sum + content.length, 0);

/** The values of a field from their JSON text, one for each of its parts. */
function valuesOf(json: string | Buffer): Buffer[] {
  const value: unknown = JSON.parse(String(json));
  return (Array.isArray(value) ? value : [value]).map((each) => Buffer.from(String(each)));
}

/**
 * A caller's form. The headers of its parts are written again, so that no other parser can read them differently. The
 * contents of files are the received bytes.
 */
export class RawForm implements RawBody {
  readonly byteLength: number;
  readonly contentType: string;
  readonly #boundary: string;
  readonly #parts: readonly FormPart[];

  constructor(boundary: string, parts: readonly FormPart[], byteLength: number) {
    this.#boundary = boundary;
    this.#parts = parts;
    this.byteLength = byteLength;
    this.contentType = `multipart/form-data; boundary="${boundary}"`;
  }

  /** The first part with this name. */
  part(name: string): FormPart | undefined {
    return this.#parts.find((part) => part.name === name);
  }

  files(): FormPart[] {
    return this.#parts.filter(({ isFile }) => isFile);
  }

  /** A form of these parts instead. Their contents must not contain its boundary, as those of this form do not. */
  replaced(parts: readonly FormPart[]): RawForm {
    return new RawForm(this.#boundary, parts, sizeOf(parts));
  }

  with(changes: Changes, names: Names = {}): Buffer {
    return Buffer.concat(this.pieces(changes, names));
  }

  pieces(changes: Changes, names: Names = {}): Buffer[] {
    const pieces: Buffer[] = [];
    for (const part of this.#changed(changes)) {
      const { filename, contentType, isFile, content } = part;
      const given = Object.hasOwn(names, part.name) ? names[part.name] : undefined;
      if (given === null) continue;
      const name = given ?? part.name;
      const file = isFile ? `; filename=${quoted(filename ?? "file")}` : "";
      const type = contentType === null ? "" : `content-type: ${contentType}\r\n`;
      const head = `--${this.#boundary}\r\ncontent-disposition: form-data; name=${quoted(name)}${file}\r\n${type}\r\n`;
      pieces.push(Buffer.from(head), content, Buffer.from("\r\n"));
    }
    pieces.push(Buffer.from(`--${this.#boundary}--\r\n`));
    return pieces;
  }

  edited(changes: Changes): RawForm {
    return this.replaced(this.#changed(changes));
  }

  #changed(changes: Changes): readonly FormPart[] {
    const left = new Map(Object.entries(changes).map(([name, json]) => [name, valuesOf(json)]));
    const parts = this.#parts.map((part) => {
      const content = part.isFile ? undefined : left.get(part.name)?.shift();
      return content ? { ...part, content } : part;
    });
    const known = new Set(this.#parts.map(({ name }) => name));
    const added = [...left].flatMap(([name, [content]]) =>
      known.has(name) || !content ? [] : [{ name, isFile: false, filename: null, contentType: null, content }],
    );
    return [...added, ...parts];
  }
}
