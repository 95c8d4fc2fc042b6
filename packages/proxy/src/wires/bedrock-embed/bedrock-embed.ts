import { type EmbedBridge, isVectors } from "../embed-codec.ts";
import { isFields } from "../fields.ts";
import type { Wire } from "../wire.ts";

const isCohere = (model: string): boolean => model.includes("cohere.embed");

/** Bedrock passes the body on to the model, so each maker has its own: Titan's, or Cohere's. */
const bridge: EmbedBridge = {
  textsMax: (model) => (isCohere(model) ? 96 : 1),
  request({ texts, dimensions, inputType }, model) {
    if (!isCohere(model)) return { inputText: texts[0], ...(dimensions !== null && { dimensions }) };
    // Cohere requires the type. Vectors that are stored are documents.
    const bounded = dimensions !== null && { output_dimension: dimensions };
    return { texts, input_type: inputType ?? "search_document", ...bounded };
  },
  vectors({ embedding, embeddings }) {
    const vectors = embedding === undefined ? (isFields(embeddings) ? embeddings.float : embeddings) : [embedding];
    return isVectors(vectors) ? vectors : null;
  },
};

/** Embeddings by Bedrock's InvokeModel. Used for calls to providers only; no surface has it. */
export const bedrockEmbed: Wire = {
  id: "bedrock-embed",
  operation: "embed",
  usage: {
    // Cohere's tokens are only in a header, so they are estimated.
    find: (answer) => answer,
    read: (counts) =>
      counts.has("inputTextTokenCount") ? { input: counts.get("inputTextTokenCount"), output: 0 } : null,
  },
  bridge: null,
  embedBridge: bridge,
};
