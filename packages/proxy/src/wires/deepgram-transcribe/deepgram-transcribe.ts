import { type Fields, isFields, isString } from "../fields.ts";
import { askedTranscript } from "../transcript/asked-transcript.ts";
import { type ReportedWord, secondsIn, type Transcript } from "../transcript/transcript.ts";
import { transcriptAnswer } from "../transcript/transcript-answer.ts";
import { UNREPORTED } from "../usage/unreported.ts";
import type { Rewrite, Wire } from "../wire.ts";

/** Models that can detect the language. Others take English if none is named. */
const DETECTS = /^nova-[23](?:-general)?$/;
/** Newer models have terms, older ones keywords. */
const HAS_KEYTERMS = /^(?:nova-3|flux)/;
const MEDIA = /^(?:audio|video)\/[\w.+-]+$/;

const transcribe: Rewrite = (call) => {
  const asked = askedTranscript(call);
  const { upstreamModel: model } = call;
  const query = new URLSearchParams({ model, smart_format: "true" });
  if (asked.language !== null) query.set("language", asked.language);
  else if (DETECTS.test(model)) query.set("detect_language", "true");
  const name = HAS_KEYTERMS.test(model) ? "keyterm" : "keywords";
  for (const term of asked.keyterms) query.append(name, term);
  const { contentType } = asked.file;
  const type = contentType !== null && MEDIA.test(contentType) ? contentType : "application/octet-stream";
  return {
    outgoing: {
      path: `${call.serving.path}?${query}`,
      headers: ["content-type", type, "accept", "application/json"],
      body: asked.file.content,
    },
    ignored: asked.others,
    ...transcriptAnswer(asked, call.asked.stream, transcriptIn),
  };
};

const firstOf = (list: unknown): Fields | null => (Array.isArray(list) && isFields(list[0]) ? list[0] : null);

function transcriptIn({ metadata, results }: Fields): Transcript | null {
  const channel = isFields(results) ? firstOf(results.channels) : null;
  const said = channel && firstOf(channel.alternatives);
  if (!said || !isString(said.transcript)) return null;
  const seconds = isFields(metadata) ? metadata.duration : null;
  return {
    text: said.transcript,
    language: isString(channel.detected_language) ? channel.detected_language : null,
    seconds: secondsIn(seconds),
    words: Array.isArray(said.words) ? said.words : [],
    wordIn,
  };
}

const wordIn = (word: unknown): ReportedWord | null =>
  isFields(word) ? { text: word.punctuated_word ?? word.word, start: word.start, end: word.end } : null;

/** Deepgram's transcriptions. Used for calls to providers only; no surface has it. */
export const deepgramTranscribe: Wire = {
  id: "deepgram-transcribe",
  operation: "transcribe",
  usage: UNREPORTED,
  bridge: null,
  rewrites: { "openai-transcribe": transcribe },
};
