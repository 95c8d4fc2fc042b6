import { type EmbedBridge, isVectors } from "../embed-codec.ts";
import { type Fields, isFields } from "../fields.ts";
import type { Wire } from "../wire.ts";
import { taskOf } from "./tasks.ts";

const predictionsIn = ({ predictions }: Fields): Fields[] =>
  Array.isArray(predictions) ? predictions.filter(isFields) : [];

/** The `embeddings` of each prediction; it has one. */
const embeddingIn = ({ embeddings }: Fields): Fields => (isFields(embeddings) ? embeddings : {});

const bridge: EmbedBridge = {
  request({ texts, dimensions, inputType }) {
    const taskType = taskOf(inputType);
    return {
      instances: texts.map((content) => ({ content, ...(taskType !== undefined && { task_type: taskType }) })),
      ...(dimensions !== null && { parameters: { outputDimensionality: dimensions } }),
    };
  },
  vectors(answer) {
    const vectors = predictionsIn(answer).map((prediction) => embeddingIn(prediction).values);
    return isVectors(vectors) ? vectors : null;
  },
};

/** The tokens of all texts. Undefined: one of them is not reported. */
function tokensIn(answer: Fields): Fields | undefined {
  const predictions = predictionsIn(answer);
  const tokens = predictions.map((prediction) => {
    const { statistics } = embeddingIn(prediction);
    return isFields(statistics) ? statistics.token_count : undefined;
  });
  const isReported = tokens.length > 0 && tokens.every((each) => typeof each === "number");
  return isReported ? { tokens: tokens.reduce((sum, each) => sum + each, 0) } : undefined;
}

/** Vertex' `predict` of embedding models. Used for calls to providers only; no surface has it. */
export const googlePredict: Wire = {
  id: "google-predict",
  operation: "embed",
  usage: {
    find: tokensIn,
    read: (counts) => (counts.has("tokens") ? { input: counts.get("tokens"), output: 0 } : null),
  },
  bridge: null,
  embedBridge: bridge,
};
