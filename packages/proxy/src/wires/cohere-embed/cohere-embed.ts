import type { EmbedBridge } from "../embed-codec.ts";
import { isVectors } from "../embed-codec.ts";
import { isFields } from "../fields.ts";
import type { Counts } from "../usage/counts.ts";
import type { Wire } from "../wire.ts";

const bridge: EmbedBridge = {
  request: ({ texts, dimensions, encoding, inputType }, model) => ({
    model,
    texts,
    // Cohere requires it. Vectors that are stored are documents.
    input_type: inputType ?? "search_document",
    embedding_types: [encoding],
    ...(dimensions !== null && { output_dimension: dimensions }),
  }),
  vectors({ embeddings }) {
    const vectors = isFields(embeddings) ? (embeddings.float ?? embeddings.base64) : null;
    return isVectors(vectors) ? vectors : null;
  },
};

const billedUnits = (meta: unknown): unknown => (isFields(meta) ? meta.billed_units : undefined);

/** Cohere's embeddings, version 2. Used for calls to providers only; no surface has it. */
export const cohereEmbed: Wire = {
  id: "cohere-embed",
  operation: "embed",
  usage: {
    find: ({ meta }) => billedUnits(meta),
    read: (counts: Counts) => (counts.has("input_tokens") ? { input: counts.get("input_tokens"), output: 0 } : null),
  },
  bridge: null,
  embedBridge: bridge,
};
