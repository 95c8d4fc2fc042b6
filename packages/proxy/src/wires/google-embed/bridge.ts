import { type EmbedBridge, isVectors } from "../embed-codec.ts";
import { isFields } from "../fields.ts";
import { modelField } from "../google-generate/target.ts";
import { taskOf } from "./tasks.ts";

/** Translates embeddings of other formats to Google's. */
export const googleEmbedBridge: EmbedBridge = {
  request({ texts, dimensions, inputType }, upstreamModel) {
    const taskType = taskOf(inputType);
    return {
      requests: texts.map((text) => ({
        model: modelField(upstreamModel),
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
