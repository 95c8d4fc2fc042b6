import { type Fields, fieldsOf, isString, optional, unsupported } from "../fields.ts";
import { missing, readNumber, wrongType } from "../request-fields.ts";
import type { RewriteCall } from "../wire.ts";

const READ = new Set(["model", "input", "voice", "response_format", "stream_format", "speed", "language"]);

/** A request of OpenAI's speech format. */
export interface AskedSpeech<Format> {
  text: string;
  voice: string;
  /** What the provider sends for the format that the client has asked for. */
  format: Format;
  speed: number | undefined;
  language: string | undefined;
  /** Other fields of the client. */
  others: readonly string[];
}

/** `formats`: the provider's, by OpenAI's name. The last argument: its slowest and fastest speed. Throws 400 for what it does not have. */
export function askedSpeech<Format>(
  { body, providerName }: RewriteCall,
  formats: Readonly<Record<string, Format>>,
  [slowest, fastest]: readonly [number, number],
): AskedSpeech<Format> {
  const fields = fieldsOf(body);
  const { response_format: name = "mp3" } = fields;
  const format = isString(name) && Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format === undefined) throw unsupported("response_format", providerName);
  if (fields.stream_format === "sse") throw unsupported("stream_format", providerName);
  return {
    text: String(fields.input),
    voice: voiceIn(fields),
    format,
    speed: readNumber(fields, "speed", slowest, fastest) ?? undefined,
    language: optional(fields, "language", isString, "a string"),
    others: Object.keys(fields).filter((field) => !READ.has(field)),
  };
}

/** A name, or the id of an own voice. */
function voiceIn({ voice }: Fields): string {
  if (voice === undefined || voice === null) throw missing("voice");
  const id = isString(voice) ? voice : (voice as { id?: unknown }).id;
  if (!isString(id)) throw wrongType("voice", "a string, or an object with an id");
  return id;
}
