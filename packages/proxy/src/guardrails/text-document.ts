/**
 * Text documents in a request: base64, or a data URL. Providers read them as text, so guardrails check them. Other files,
 * such as images and PDFs, are not checked.
 */
export interface TextDocument {
  /** Length of the encoded data. */
  readonly chars: number;
  /** Takes long for a large document. */
  read(): string;
  /** The same document with another text, encoded in the same way. */
  write(text: string): string;
}

/** Maximum length of encoded data that is decoded in one step. */
export const DOCUMENT_CHARS_MAX = 1024 * 1024;

const DATA_URL = /^data:([^,]{0,100}),/i;
const TEXT_TYPE = /^(?:;|$|text\/|application\/(?:[\w.+-]*(?:json|xml|yaml|javascript|csv)))/i;
/** Characters of base64 that are decoded to decide whether the data is text. */
const START_CHARS = 1024;
/** Share of characters that are neither text nor white space. Text in another character set may have some. */
const BAD_SHARE_MAX = 0.1;
/** Control characters except white space, and what no character could be decoded from. */
const BAD = /[^\P{Cc}\t-\r]|\ufffd/gu;

type Charset = "utf-8" | "utf-16le" | "utf-16be";

/** Null: the data is not text. */
export function textDocument(data: string): TextDocument | null {
  const [prefix = "", type] = DATA_URL.exec(data) ?? [];
  if (type !== undefined && !/;\s*base64\s*$/i.test(type)) return percentEncoded(data, prefix);
  const start = Buffer.from(data.slice(prefix.length, prefix.length + START_CHARS), "base64");
  const charset = charsetOf(start);
  const isText = (type !== undefined && TEXT_TYPE.test(type)) || looksLikeText(decoded(start, charset));
  if (!isText) return null;
  return {
    chars: data.length,
    read: () => decoded(Buffer.from(data.slice(prefix.length), "base64"), charset),
    write: (text) => prefix + encoded(text, charset).toString("base64"),
  };
}

const percentEncoded = (data: string, prefix: string): TextDocument => ({
  chars: data.length,
  read: () => unescaped(data.slice(prefix.length)),
  write: (text) => prefix + encodeURIComponent(text.toWellFormed()),
});

/** Invalid sequences stay as they are. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) => Buffer.from(escaped.replaceAll("%", ""), "hex").toString());
  }
}

/** UTF-16 is recognised by its byte order mark, or by an ASCII character at the start. */
function charsetOf([first, second]: Buffer): Charset {
  if ((first === 0xff && second === 0xfe) || second === 0) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined)) return "utf-16be";
  return "utf-8";
}

function looksLikeText(text: string): boolean {
  if (text === "" || text.startsWith("%PDF-")) return false;
  // The last character may be cut.
  return (text.slice(0, -1).match(BAD)?.length ?? 0) <= text.length * BAD_SHARE_MAX;
}

const decoded = (bytes: Buffer, charset: Charset): string =>
  charset === "utf-8" ? bytes.toString() : new TextDecoder(charset, { ignoreBOM: true }).decode(bytes);

function encoded(text: string, charset: Charset): Buffer {
  if (charset === "utf-8") return Buffer.from(text);
  const bytes = Buffer.from(text, "utf16le");
  return charset === "utf-16le" ? bytes : bytes.swap16();
}
