import type { Steps } from "../../body/steps.ts";
import { type EmbedAsk, type EmbedCodec, numbersOf, type Vector } from "../embed-codec.ts";
import { isNumber, isString, optional, unsupported } from "../fields.ts";

const KNOWN = new Set(["model", "input", "dimensions", "encoding_format", "input_type"]);

/** Translates OpenAI's embeddings. */
export const openAiEmbedCodec: EmbedCodec = {
  inputTypeField: "input_type",
  textsField: "input",
  decode(body, providerName): EmbedAsk {
    const { input } = body;
    const texts = Array.isArray(input) ? input : [input];
    // Tokens are numbers of OpenAI's own vocabulary.
    if (!texts.every(isString)) throw unsupported("input of tokens", providerName);
    return {
      texts,
      dimensions: optional(body, "dimensions", isNumber, "a number") ?? null,
      encoding: body.encoding_format === "base64" ? "base64" : "float",
      inputType: optional(body, "input_type", isString, "a string") ?? null,
      ignored: Object.keys(body).filter((name) => !KNOWN.has(name) && (body[name] ?? null) !== null),
    };
  },

  *encoding(vectors, { encoding }, model, inputTokens): Steps<Buffer> {
    const pieces: Buffer[] = [Buffer.from('{"object":"list","data":[')];
    for (const [index, vector] of vectors.entries()) {
      const comma = index === 0 ? "" : ",";
      const text = encoding === "base64" ? JSON.stringify(base64Of(vector)) : JSON.stringify(numbersOf(vector));
      pieces.push(Buffer.from(`${comma}{"object":"embedding","index":${index},"embedding":${text}}`));
      yield;
    }
    const tokens = inputTokens ?? 0;
    const usage = { prompt_tokens: tokens, total_tokens: tokens };
    pieces.push(Buffer.from(`],"model":${JSON.stringify(model)},"usage":${JSON.stringify(usage)}}`));
    return Buffer.concat(pieces);
  },
};

function base64Of(vector: Vector): string {
  if (typeof vector === "string") return vector;
  const bytes = Buffer.allocUnsafe(4 * vector.length);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, 4 * index);
  return bytes.toString("base64");
}
