import { askedSpeech } from "../openai-speech/asked-speech.ts";
import { wrongValue } from "../request-fields.ts";
import { UNREPORTED } from "../usage/unreported.ts";
import type { Rewrite, RewriteCall, Wire } from "../wire.ts";

/** By OpenAI's names. OpenAI's samples have 24 kHz. */
const FORMATS = {
  mp3: { encoding: "mp3" },
  opus: { encoding: "opus", container: "ogg" },
  aac: { encoding: "aac" },
  flac: { encoding: "flac" },
  wav: { encoding: "linear16", container: "wav", sample_rate: "24000" },
  pcm: { encoding: "linear16", container: "none", sample_rate: "24000" },
};
const SPEEDS = [0.7, 1.5] as const;
/** A model's full name has a voice and a language. */
const FULL_NAME = /-[a-z]+-[a-z]{2}$/;
const VOICE = /^[a-z]+$/;

/** Deepgram's models are named after their voices: `aura-2` with the voice `thalia` is `aura-2-thalia-en`. */
function modelOf({ upstreamModel: model, providerName }: RewriteCall, voice: string, language = "en"): string {
  if (FULL_NAME.test(model)) return model;
  if (voice.startsWith(`${model}-`) && FULL_NAME.test(voice)) return voice;
  if (!VOICE.test(voice)) throw wrongValue("voice", `the name of a voice of ${model} at ${providerName}`);
  return `${model}-${voice}-${language}`;
}

const speak: Rewrite = (call) => {
  const { text, voice, format, speed, language, others } = askedSpeech(call, FORMATS, SPEEDS);
  const model = modelOf(call, voice, language);
  const query = new URLSearchParams({ model, ...format });
  if (speed !== undefined && speed !== 1) query.set("speed", String(speed));
  const isOtherVoice = model !== voice && !model.includes(`-${voice}-`);
  return {
    outgoing: {
      path: `${call.serving.path}?${query}`,
      headers: ["content-type", "application/json", "accept", "audio/*, application/json"],
      body: Buffer.from(JSON.stringify({ text })),
    },
    ignored: isOtherVoice ? ["voice", ...others] : others,
  };
};

/** Deepgram's speech from a text. Used for calls to providers only; no surface has it. */
export const deepgramSpeech: Wire = {
  id: "deepgram-speech",
  operation: "speech",
  usage: UNREPORTED,
  bridge: null,
  rewrites: { "openai-speech": speak },
};
