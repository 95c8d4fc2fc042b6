import { type FormPart, RawForm } from "../../body/raw-form.ts";
import { fieldsOf, unsupported } from "../fields.ts";
import { missing, wrongValue } from "../request-fields.ts";
import type { RewriteCall } from "../wire.ts";

export type TranscriptFormat = "json" | "verbose_json" | "text" | "srt" | "vtt";

const FORMATS: ReadonlySet<string> = new Set<TranscriptFormat>(["json", "verbose_json", "text", "srt", "vtt"]);
const TIMED: ReadonlySet<string> = new Set<TranscriptFormat>(["verbose_json", "srt", "vtt"]);
const READ = new Set(["model", "file", "file[]", "language", "response_format", "stream"]);
const GRANULARITIES = ["timestamp_granularities", "timestamp_granularities[]"];
export const KEYTERMS = ["keyterms", "keyterms[]"];

/** A request of OpenAI's transcription format. */
export interface AskedTranscript {
  file: FormPart;
  form: RawForm;
  language: string | null;
  format: TranscriptFormat;
  /** The format has times, so the provider must report those of words. */
  isTimed: boolean;
  /** Times of words are part of the answer. */
  wantsWords: boolean;
  /** Words that the provider should recognise. */
  keyterms: readonly string[];
  /** Other fields of the client. */
  others: readonly string[];
}

/** Throws 400 for what the provider has no format for. */
export function askedTranscript({ body, raw, providerName }: RewriteCall): AskedTranscript {
  const fields = fieldsOf(body);
  if (!(raw instanceof RawForm)) throw new Error("a transcription is a form");
  const [file, more] = raw.files();
  if (!file) throw missing("file");
  if (more) throw wrongValue("file", "one file");
  const { language = null, response_format: format = "json" } = fields;
  if (language !== null && typeof language !== "string") throw wrongValue("language", "one language");
  if (typeof format !== "string" || !FORMATS.has(format)) throw unsupported("response_format", providerName);
  const granularities = GRANULARITIES.flatMap((name) => listOf(fields[name]));
  const read = new Set([...READ, ...GRANULARITIES, ...KEYTERMS]);
  return {
    file,
    form: raw,
    language: language === "" ? null : language,
    format: format as TranscriptFormat,
    isTimed: TIMED.has(format),
    wantsWords: format === "verbose_json" && granularities.includes("word"),
    keyterms: KEYTERMS.flatMap((name) => listOf(fields[name])),
    others: Object.keys(fields).filter((name) => !read.has(name)),
  };
}

/** A field that a form may have several times. */
const listOf = (value: unknown): string[] => [value].flat().flatMap((each) => (typeof each === "string" ? each : []));
