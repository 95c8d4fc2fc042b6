import { apiKey, compatible } from "../compatible.ts";
import type { Provider } from "../provider.ts";
import {
  COMPLETION,
  EMBED,
  MESSAGES,
  REASONING_BACK,
  RESPONSES,
  rerankAt,
  TRANSCRIBE,
  TRANSLATE,
} from "../servings.ts";

/** Servers that an organisation runs itself. Most need no secret. */
export const SELF_HOSTED: readonly Provider[] = [
  compatible({
    id: "ollama",
    name: "Ollama",
    defaultBaseUrl: "http://localhost:11434/v1",
    credential: apiKey("API key", true),
    // It takes images only as data.
    differences: { takesImageUrls: false },
    alsoServes: { ...COMPLETION, ...EMBED },
  }),
  compatible({
    id: "vllm",
    name: "vLLM",
    defaultBaseUrl: "http://localhost:8000/v1",
    credential: apiKey("API key", true),
    differences: REASONING_BACK,
    alsoServes: { ...COMPLETION, ...EMBED, ...rerankAt({ path: "/rerank" }), ...TRANSCRIBE, ...TRANSLATE },
  }),
  compatible({
    id: "lm-studio",
    name: "LM Studio",
    defaultBaseUrl: "http://localhost:1234/v1",
    credential: apiKey("API token", true),
    // It takes images only as data.
    differences: { takesImageUrls: false },
    alsoServes: { ...RESPONSES, ...MESSAGES, ...COMPLETION, ...EMBED },
  }),
  compatible({
    id: "llama-cpp",
    name: "llama.cpp",
    defaultBaseUrl: "http://localhost:8080/v1",
    credential: apiKey("API key", true),
    differences: REASONING_BACK,
    // `/v1/models` needs no secret, `/props` does, but it is not below `/v1`.
    test: { path: "/props", isAtOrigin: true, provesSecret: false },
    alsoServes: { ...COMPLETION, ...EMBED, ...rerankAt({ path: "/rerank" }) },
  }),
];
