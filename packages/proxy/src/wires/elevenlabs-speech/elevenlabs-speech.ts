import { type Fields, fieldsOf, isFields } from "../fields.ts";
import { askedSpeech } from "../openai-speech/asked-speech.ts";
import { readNumber, wrongType, wrongValue } from "../request-fields.ts";
import { UNREPORTED } from "../usage/unreported.ts";
import type { Rewrite, Wire } from "../wire.ts";

/** By OpenAI's names. OpenAI's samples have 24 kHz. */
const FORMATS = { mp3: "mp3_44100_128", opus: "opus_48000_64", pcm: "pcm_24000", wav: "wav_24000" };
const SPEEDS = [0.7, 1.2] as const;
const VOICE = /^[A-Za-z0-9]{10,64}$/;
/** ElevenLabs' own fields that do not change what a character costs. */
const OWN_FIELDS = ["voice_settings", "seed", "previous_text", "next_text"];

function voiceSettings({ voice_settings: given }: Fields): Fields {
  if (given === undefined || given === null) return {};
  if (!isFields(given)) throw wrongType("voice_settings", "an object");
  readNumber(given, "speed", ...SPEEDS, "voice_settings.speed");
  return given;
}

const speak: Rewrite = (call) => {
  const { text, voice, format, speed, language, others } = askedSpeech(call, FORMATS, SPEEDS);
  if (!VOICE.test(voice)) throw wrongValue("voice", `the id of a voice of ${call.providerName}`);
  const fields = fieldsOf(call.body);
  const own = Object.fromEntries(OWN_FIELDS.flatMap((name) => (name in fields ? [[name, fields[name]]] : [])));
  const settings = { ...voiceSettings(fields), ...(speed !== undefined && { speed }) };
  const body = {
    text,
    model_id: call.upstreamModel,
    ...(language !== undefined && { language_code: language }),
    ...own,
    ...(Object.keys(settings).length > 0 && { voice_settings: settings }),
  };
  return {
    outgoing: {
      path: `${call.serving.path}/${voice}/stream?output_format=${format}`,
      headers: ["content-type", "application/json", "accept", "audio/*, application/json"],
      body: Buffer.from(JSON.stringify(body)),
    },
    ignored: others.filter((name) => !OWN_FIELDS.includes(name)),
  };
};

/** ElevenLabs' speech from a text. Used for calls to providers only; no surface has it. */
export const elevenLabsSpeech: Wire = {
  id: "elevenlabs-speech",
  operation: "speech",
  usage: UNREPORTED,
  bridge: null,
  rewrites: { "openai-speech": speak },
};
