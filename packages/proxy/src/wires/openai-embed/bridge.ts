import { type EmbedBridge, isVectors } from "../embed-codec.ts";
import { withFieldChanges } from "../field-differences.ts";
import { type Fields, isFields, isNumber } from "../fields.ts";

const placeOf = (item: Fields): number => (isNumber(item.index) ? item.index : 0);

/** Translates embeddings of other formats to OpenAI's. */
export const openAiEmbedBridge: EmbedBridge = {
  lacksInputType: true,
  request({ texts, dimensions, encoding }, model, { fields }) {
    const body = { model, input: texts, encoding_format: encoding, ...(dimensions !== null && { dimensions }) };
    return withFieldChanges(body, fields, model);
  },
  vectors({ data }) {
    if (!Array.isArray(data) || !data.every(isFields)) return null;
    const vectors = data.toSorted((a, b) => placeOf(a) - placeOf(b)).map(({ embedding }) => embedding);
    return isVectors(vectors) ? vectors : null;
  },
};
