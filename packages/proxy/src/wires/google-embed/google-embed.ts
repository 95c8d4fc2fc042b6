import { type EmbedBridge, isVectors } from "../embed-codec.ts";
import { isFields } from "../fields.ts";
import type { Wire } from "../wire.ts";

/** Google's words for what vectors are for, by Cohere's. */
const TASKS: ReadonlyMap<string, string> = new Map([
  ["search_document", "RETRIEVAL_DOCUMENT"],
  ["search_query", "RETRIEVAL_QUERY"],
  ["classification", "CLASSIFICATION"],
  ["clustering", "CLUSTERING"],
]);

/** What the vectors are for, in Google's words. */
export const taskOf = (inputType: string | null): string | undefined =>
  inputType === null ? undefined : (TASKS.get(inputType) ?? inputType.toUpperCase());

const bridge: EmbedBridge = {
  request({ texts, dimensions, inputType }, upstreamModel) {
    const taskType = taskOf(inputType);
    return {
      requests: texts.map((text) => ({
        model: `models/${upstreamModel.replace(/^models\//, "")}`,
        content: { parts: [{ text }] },
        ...(dimensions !== null && { outputDimensionality: dimensions }),
        ...(taskType !== undefined && { taskType }),
      })),
    };
  },
  vectors({ embeddings }) {
    const vectors = Array.isArray(embeddings) ? embeddings.map((each) => isFields(each) && each.values) : null;
    return isVectors(vectors) ? vectors : null;
  },
};

/** Gemini's `batchEmbedContents`. Used for calls to providers only; no surface has it. */
export const googleEmbed: Wire = {
  id: "google-embed",
  operation: "embed",
  usage: {
    // Older models report no usage.
    find: ({ usageMetadata }) => usageMetadata,
    read: (counts) => (counts.has("promptTokenCount") ? { input: counts.get("promptTokenCount"), output: 0 } : null),
  },
  bridge: null,
  embedBridge: bridge,
};
