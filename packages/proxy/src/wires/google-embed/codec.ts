import type { Steps } from "../../body/steps.ts";
import { type EmbedAsk, type EmbedCodec, numbersOf } from "../embed-codec.ts";
import { type Fields, invalid, isFields, isNumber, isString, unsupported } from "../fields.ts";
import { listOf, named } from "../google-generate/names.ts";
import { inputTypeOf } from "./tasks.ts";

const KNOWN = new Set(["model", "content", "outputDimensionality", "taskType"]);

interface One {
  text: string;
  dimensions: number | null;
  task: string | null;
  ignored: string[];
}

function decodeOne(given: unknown, prefix: string, providerName: string): One {
  if (!isFields(given)) throw invalid(prefix, "an object");
  const request = named(given);
  const { content, outputDimensionality: dimensions, taskType: task } = request;
  const parts = isFields(content) ? listOf(content.parts) : [];
  const texts = parts.map((part, index) => {
    const text = isFields(part) ? part.text : undefined;
    if (!isString(text)) throw unsupported(`${prefix}content.parts[${index}]`, providerName);
    return text;
  });
  return {
    text: texts.join("\n"),
    dimensions: isNumber(dimensions) ? dimensions : null,
    task: isString(task) && task !== "TASK_TYPE_UNSPECIFIED" ? task : null,
    ignored: Object.keys(request).filter((name) => !KNOWN.has(name) && (request[name] ?? null) !== null),
  };
}

/** Other formats have one size and one purpose for all vectors. */
function same<T>(values: readonly (T | null)[], param: string, providerName: string): T | null {
  const [first = null] = values;
  const other = values.findIndex((value) => value !== first);
  if (other !== -1) throw unsupported(`requests[${other}].${param}, which differs from requests[0],`, providerName);
  return first;
}

function askFor(all: readonly One[], providerName: string): EmbedAsk {
  const task = same(
    all.map((one) => one.task),
    "taskType",
    providerName,
  );
  const inputType = task === null ? null : inputTypeOf(task);
  const isLost = task !== null && inputType === null;
  return {
    texts: all.map(({ text }) => text),
    dimensions: same(
      all.map((one) => one.dimensions),
      "outputDimensionality",
      providerName,
    ),
    encoding: "float",
    inputType,
    ignored: [...new Set([...all.flatMap(({ ignored }) => ignored), ...(isLost ? ["taskType"] : [])])],
  };
}

const usageOf = (tokens: number | null): string =>
  tokens === null ? "" : `,"usageMetadata":{"promptTokenCount":${tokens},"totalTokenCount":${tokens}}`;

/** Translates `batchEmbedContents`. */
export const googleEmbedCodec: EmbedCodec = {
  inputTypeField: "taskType",
  textsField: "requests",
  decode: (body, providerName) =>
    askFor(
      listOf(named(body).requests).map((request, index) => decodeOne(request, `requests[${index}].`, providerName)),
      providerName,
    ),
  *encoding(vectors, _ask, _model, inputTokens): Steps<Buffer> {
    const pieces: Buffer[] = [Buffer.from('{"embeddings":[')];
    for (const [index, vector] of vectors.entries()) {
      pieces.push(Buffer.from(`${index === 0 ? "" : ","}{"values":${JSON.stringify(numbersOf(vector))}}`));
      yield;
    }
    pieces.push(Buffer.from(`]${usageOf(inputTokens)}}`));
    return Buffer.concat(pieces);
  },
};

/** Translates `embedContent`, which has one content. */
export const googleEmbedOneCodec: EmbedCodec = {
  inputTypeField: "taskType",
  textsField: "content",
  decode: (body: Fields, providerName) => askFor([decodeOne(body, "", providerName)], providerName),
  *encoding(vectors, _ask, _model, inputTokens): Steps<Buffer> {
    yield;
    const values = JSON.stringify(numbersOf(vectors[0] ?? []));
    return Buffer.from(`{"embedding":{"values":${values}}${usageOf(inputTokens)}}`);
  },
};
