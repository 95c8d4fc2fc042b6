import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Usage } from "@ai-sdk/provider";
import type { ModelSettings } from "../../../src/wires/codec.ts";
import type { Wire } from "../../../src/wires/wire.ts";

interface Answer {
  shout: string;
  used: { heard: number; shouted: number };
}

/** Its only request: `{"hear": [text, …]}`, its only answer `{"shout": text, "used": {heard, shouted}}`. */
function open({ baseUrl, upstreamModel: modelId, fetch }: ModelSettings): LanguageModelV4 {
  const ask = async ({ prompt }: LanguageModelV4CallOptions): Promise<Answer> => {
    const texts = prompt.flatMap(({ content }) =>
      typeof content === "string" ? [content] : content.flatMap((part) => (part.type === "text" ? [part.text] : [])),
    );
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${baseUrl}/shout`, {
      method: "POST",
      headers,
      body: JSON.stringify({ model: modelId, hear: texts }),
    });
    return (await response.json()) as Answer;
  };
  const finishReason = { unified: "stop", raw: "done" } as const;
  const usage = ({ used: raw }: Answer): LanguageModelV4Usage => ({
    inputTokens: { total: raw.heard, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: raw.shouted, text: undefined, reasoning: undefined },
    raw,
  });
  return {
    specificationVersion: "v4",
    provider: "shout",
    modelId,
    supportedUrls: {},
    async doGenerate(options) {
      const answer = await ask(options);
      return { content: [{ type: "text", text: answer.shout }], finishReason, usage: usage(answer), warnings: [] };
    },
    async doStream(options) {
      const answer = await ask(options);
      const stream = new ReadableStream({
        start(controller) {
          controller.enqueue({ type: "text-delta" as const, id: "1", delta: answer.shout });
          controller.enqueue({ type: "finish" as const, finishReason, usage: usage(answer) });
          controller.close();
        },
      });
      return { stream };
    },
  };
}

export const shoutChat: Wire = {
  id: "shout-chat",
  operation: "chat",
  usage: {
    find: ({ used }) => used,
    read: (counts) => (counts.has("heard") ? { input: counts.get("heard"), output: counts.get("shouted") } : null),
  },
  bridge: {
    open,
    lacks: new Set(["tools"]),
    takesImageUrls: false,
    takesAudio: false,
    takesFilesInToolResults: false,
    shape: (options) => ({ options, ignored: [] }),
    extensions: () => undefined,
    callExtras: () => undefined,
    earlyUsage: () => undefined,
  },
};
