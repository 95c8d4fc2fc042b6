import { apiKey } from "../compatible.ts";
import type { Provider } from "../provider.ts";

/** Companies whose main products are speech and transcription. Their prices depend on a plan, so they are not known here. */
export const VOICES: readonly Provider[] = [
  {
    id: "elevenlabs",
    name: "ElevenLabs",
    defaultBaseUrl: "https://api.elevenlabs.io/v1",
    auth: "xi-api-key",
    credential: apiKey("sk_…"),
    serves: {
      "elevenlabs-speech": { path: "/text-to-speech" },
      "elevenlabs-transcribe": { path: "/speech-to-text" },
    },
    // A key may have the right to speak only.
    test: { path: "/user", provesSecret: true, meanings: [["missing_permissions", "works"]] },
    list: { path: "/models", items: null, name: "model_id" },
    priceProviderId: null,
  },
  {
    id: "deepgram",
    name: "Deepgram",
    defaultBaseUrl: "https://api.deepgram.com/v1",
    auth: "token",
    credential: apiKey("API key"),
    serves: { "deepgram-speech": { path: "/speak" }, "deepgram-transcribe": { path: "/listen" } },
    // A key may have the right to transcribe only.
    test: { path: "/projects", provesSecret: true, meanings: [["INSUFFICIENT_PERMISSIONS", "works"]] },
    list: { path: "/models", items: ["stt", "tts"], name: "canonical_name" },
    priceProviderId: null,
  },
];
