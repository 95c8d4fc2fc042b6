import { writing } from "../../body/json-text.ts";
import { parsingAnswer } from "../../body/read-json.ts";
import type { Steps } from "../../body/steps.ts";
import type { UsageReport } from "../answer-report.ts";
import type { Fields } from "../fields.ts";
import type { AnswerContext, Rewritten, WholeAnswer } from "../wire.ts";
import type { AskedTranscript, TranscriptFormat } from "./asked-transcript.ts";
import { segmentsOf } from "./segments.ts";
import { subtitlesOf } from "./subtitles.ts";
import { timedWords } from "./timed-words.ts";
import type { Transcript } from "./transcript.ts";

const TYPES: Readonly<Record<TranscriptFormat, string>> = {
  json: "application/json",
  verbose_json: "application/json",
  text: "text/plain; charset=utf-8",
  srt: "text/plain; charset=utf-8",
  vtt: "text/vtt; charset=utf-8",
};

/** Answers in OpenAI's transcription format. `read` gives a provider's answer; null: it is none. */
export function transcriptAnswer(
  asked: AskedTranscript,
  isStream: boolean,
  read: (answer: Fields) => Transcript | null,
): Pick<Rewritten, "answer" | "contentType" | "isWhole"> {
  return {
    answer: { readingBytes: (bytes, context) => reading(bytes, context, { asked, isStream, read }) },
    contentType: isStream ? "text/event-stream; charset=utf-8" : TYPES[asked.format],
    isWhole: true,
  };
}

interface Reading {
  asked: AskedTranscript;
  isStream: boolean;
  read: (answer: Fields) => Transcript | null;
}

function* reading(bytes: Buffer, context: AnswerContext, { asked, isStream, read }: Reading): Steps<WholeAnswer> {
  const answer = yield* parsingAnswer(bytes);
  const transcript = answer && read(answer);
  if (!transcript) {
    const report = { usage: null, deliveredBytes: 0, finished: true, isWhole: false };
    return { isAnswer: false, error: null, report };
  }
  const { text } = transcript;
  if (text !== "") context.onText?.({ choice: 0, path: ["text"], text });
  const report = {
    usage: usageOf(transcript),
    deliveredBytes: Buffer.byteLength(text),
    finished: true,
    isWhole: false,
  };
  const body = isStream ? eventsOf(transcript) : yield* bodyOf(transcript, asked);
  return { isAnswer: true, error: null, report, body };
}

/** Without the length of the audio, the seconds in the file's header are charged. */
const usageOf = ({ seconds }: Transcript): UsageReport | null =>
  seconds === null ? null : { use: { input: 0, output: 0, audioSeconds: Math.ceil(seconds) }, flags: [], final: true };

const shownUsage = ({ seconds }: Transcript): object =>
  seconds === null ? {} : { usage: { type: "duration", seconds: Math.ceil(seconds) } };

/** The events of a transcript that came in one piece. */
function eventsOf(transcript: Transcript): Buffer {
  const { text } = transcript;
  const events = [
    { type: "transcript.text.delta", delta: text },
    { type: "transcript.text.done", text, ...shownUsage(transcript) },
  ];
  return Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
}

function* bodyOf(transcript: Transcript, { format, wantsWords }: AskedTranscript): Steps<Buffer> {
  const { text, language, seconds } = transcript;
  if (format === "text") return Buffer.from(`${text}\n`);
  if (format === "json") return Buffer.from(JSON.stringify({ text, ...shownUsage(transcript) }));
  const words = yield* timedWords(transcript);
  const segments = yield* segmentsOf(words, transcript);
  if (format === "srt" || format === "vtt") return yield* subtitlesOf(segments, format);
  const verbose = {
    task: "transcribe",
    language,
    duration: seconds ?? words.at(-1)?.end ?? 0,
    text,
    segments: segments.map((segment, id) => ({ id, ...segment })),
    ...(wantsWords && { words: words.map(({ text: word, start, end }) => ({ word, start, end })) }),
    ...shownUsage(transcript),
  };
  const pieces: Buffer[] = [];
  yield* writing(verbose, (piece) => pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces);
}
