import { apiKey, compatible } from "../compatible.ts";
import type { Provider } from "../provider.ts";
import { COMPLETION, EMBED, REASONING_BACK, rerankAt, TRANSCRIBE, TRANSLATE } from "../servings.ts";

/** Servers that an organisation runs itself. Most need no secret. */
export const SELF_HOSTED: readonly Provider[] = [
  compatible({
    id: "ollama",
    name: "Ollama",
    defaultBaseUrl: "http://localhost:11434/v1",
    credential: apiKey("API key", true),
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
];
