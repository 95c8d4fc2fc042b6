import { dataOf, EventBlocks, eventBounds } from "../../../sse/event-blocks.ts";
import type { Mending } from "../../codec.ts";
import { type Fields, isFields, isNumber, isString } from "../../fields.ts";
import { spanOf } from "../../json-span.ts";

/**
 * The provider package refuses a whole answer if one detail of it lacks a field that it expects. Here such details are
 * completed or left out, and everything else stays.
 */
export const googleMending: Mending = {
  whole: (body) => mended(body, WHOLE),
  stream() {
    const blocks = new EventBlocks();
    const each = (block: Buffer): Buffer => {
      const events = eventBounds(block, block.toString("latin1")).map(([start, end]) => block.subarray(start, end));
      const result = events.map((event) => mended(event, EVENT));
      return result.every((event, index) => event === events[index]) ? block : Buffer.concat(result);
    };
    return {
      push(chunk) {
        const block = blocks.push(chunk);
        return block && each(block);
      },
      rest: () => each(blocks.rest()),
    };
  },
};

const USAGE = ["usageMetadata"];
const DETAILS = "TokensDetails";
const LARGE_BYTES = 256 * 1024;
/** Fields of a candidate of which the package requires more than answers have. */
const METADATA = ["groundingMetadata", "urlContextMetadata"];

interface Format {
  read(bytes: Buffer): string;
  write(json: string): string;
}

const WHOLE: Format = { read: (bytes) => bytes.toString(), write: (json) => json };
const EVENT: Format = { read: dataOf, write: (json) => `data: ${json}\r\n\r\n` };

function mended(given: Buffer, { read, write }: Format): Buffer {
  // A large answer has an image. What follows it is enough to look at.
  const end = given.length > LARGE_BYTES ? given.subarray(-LARGE_BYTES) : given;
  const bytes = end.includes(DETAILS) ? withCounts(given) : given;
  if (!METADATA.some((name) => end.includes(name))) return bytes;
  const json = parsed(read(bytes));
  if (!isFields(json) || !Array.isArray(json.candidates)) return bytes;
  return Buffer.from(write(JSON.stringify({ ...json, candidates: json.candidates.map(withReadableMetadata) })));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Each detail of the usage with a number, and without those that are no details. */
function withCounts(bytes: Buffer): Buffer {
  const span = spanOf(bytes, USAGE);
  const usage = span && parsed(bytes.toString("utf8", span.start, span.end));
  if (!span || !isFields(usage)) return bytes;
  let isChanged = false;
  const fields = Object.entries(usage).map(([name, value]) => {
    if (!name.endsWith("Details") || !Array.isArray(value)) return [name, value];
    const isWhole = value.every(
      (detail) => isFields(detail) && isString(detail.modality) && isNumber(detail.tokenCount),
    );
    isChanged ||= !isWhole;
    return [name, isWhole ? value : value.filter(isFields).flatMap(withCount)];
  });
  if (!isChanged) return bytes;
  const json = Buffer.from(JSON.stringify(Object.fromEntries(fields)));
  return Buffer.concat([bytes.subarray(0, span.start), json, bytes.subarray(span.end)]);
}

/** Google's JSON leaves out a count of zero. */
const withCount = (detail: Fields): Fields[] =>
  isString(detail.modality) ? [{ ...detail, tokenCount: Number(detail.tokenCount) || 0 }] : [];

/** Only the sources and searches that an answer names: nothing else of the metadata is translated. */
function withReadableMetadata(candidate: unknown): unknown {
  if (!isFields(candidate)) return candidate;
  const { groundingMetadata: grounding, urlContextMetadata: _, ...rest } = candidate;
  if (!isFields(grounding)) return rest;
  const chunks = Array.isArray(grounding.groundingChunks) ? grounding.groundingChunks : [];
  const { webSearchQueries: queries } = grounding;
  const searched = Array.isArray(queries) ? queries.filter(isString) : [];
  return {
    ...rest,
    groundingMetadata: {
      groundingChunks: chunks.filter(isSource),
      ...(searched.length > 0 && { webSearchQueries: searched }),
    },
  };
}

const isSource = (chunk: unknown): boolean => {
  if (!isFields(chunk)) return false;
  const { web, image, retrievedContext, maps } = chunk;
  if (isFields(web)) return isString(web.uri);
  if (isFields(image)) return isString(image.sourceUri) && isString(image.imageUri);
  return [retrievedContext, maps].some((each) => isFields(each) && Object.values(each).every(isString));
};
