import type { FormPart } from "../../body/raw-form.ts";
import { type Fields, fieldsOf, isFields, isString } from "../fields.ts";
import { rewritten } from "../json-request.ts";
import { askedTranscript } from "../transcript/asked-transcript.ts";
import { type ReportedWord, secondsIn, type Transcript } from "../transcript/transcript.ts";
import { transcriptAnswer } from "../transcript/transcript-answer.ts";
import { UNREPORTED } from "../usage/unreported.ts";
import type { Rewrite, Wire } from "../wire.ts";

const field = (name: string, value: string): FormPart => ({
  ...{ name, isFile: false, filename: null, contentType: null },
  content: Buffer.from(value),
});

const transcribe: Rewrite = (call) => {
  const asked = askedTranscript(call);
  const { temperature } = fieldsOf(call.body);
  const form = asked.form.replaced([
    field("model_id", call.upstreamModel),
    // OpenAI's transcripts have no `(laughter)`.
    field("tag_audio_events", "false"),
    field("timestamps_granularity", asked.isTimed ? "word" : "none"),
    ...(asked.language === null ? [] : [field("language_code", asked.language)]),
    ...(isString(temperature) ? [field("temperature", temperature)] : []),
    ...asked.keyterms.map((term) => field("keyterms", term)),
    { ...asked.file, name: "file" },
  ]);
  return {
    outgoing: {
      path: call.serving.path,
      headers: ["content-type", form.contentType, "accept", "application/json"],
      body: rewritten(form, {}),
    },
    ignored: asked.others.filter((name) => name !== "temperature"),
    ...transcriptAnswer(asked, call.asked.stream, transcriptIn),
  };
};

function transcriptIn({
  text,
  language_code: language,
  words,
  audio_duration_secs: seconds,
}: Fields): Transcript | null {
  if (!isString(text)) return null;
  return {
    text,
    language: isString(language) ? language : null,
    seconds: secondsIn(seconds),
    words: Array.isArray(words) ? words : [],
    wordIn,
  };
}

/** Spaces between words are entries of their own. */
const wordIn = (word: unknown): ReportedWord | null =>
  isFields(word) && word.type === "word" ? { text: word.text, start: word.start, end: word.end } : null;

/** ElevenLabs' transcriptions. Used for calls to providers only; no surface has it. */
export const elevenLabsTranscribe: Wire = {
  id: "elevenlabs-transcribe",
  operation: "transcribe",
  usage: UNREPORTED,
  bridge: null,
  rewrites: { "openai-transcribe": transcribe },
};
