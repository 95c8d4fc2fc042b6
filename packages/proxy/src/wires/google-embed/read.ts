import { type Fields, isFields } from "../fields.ts";
import { listOf, named } from "../google-generate/names.ts";
import { modelOf } from "../google-generate/target.ts";
import { missing, readInteger, wrongType, wrongValue } from "../request-fields.ts";
import type { Asked, RequestTarget } from "../wire.ts";

const REQUESTS_MAX = 2_048;
const DIMENSIONS_MAX = 100_000;

const asked = (target: RequestTarget): Asked => ({
  model: modelOf(target),
  stream: false,
  wantsUsage: false,
  maxOutputTokens: 0,
  choices: 1,
  endUser: null,
});

/** Reads `batchEmbedContents`. Throws 400 and names the field. */
export function readEmbedBatch(given: Fields, target: RequestTarget): Asked {
  const { requests } = named(given);
  if (requests === undefined || requests === null) throw missing("requests");
  const list = listOf(requests);
  if (list.length === 0 || list.length > REQUESTS_MAX) throw wrongValue("requests", `1 to ${REQUESTS_MAX} requests`);
  for (const [index, request] of list.entries()) check(request, `requests[${index}]`);
  return asked(target);
}

/** Reads `embedContent`. Throws 400 and names the field. */
export function readEmbedOne(given: Fields, target: RequestTarget): Asked {
  check(given, "");
  return asked(target);
}

function check(given: unknown, param: string): void {
  if (!isFields(given)) throw wrongType(param, "an object");
  const request = named(given, param);
  const prefix = param === "" ? "" : `${param}.`;
  const { content } = request;
  if (content === undefined || content === null) throw missing(`${prefix}content`);
  if (!isFields(content)) throw wrongType(`${prefix}content`, "an object with parts");
  const invalid = listOf(content.parts).findIndex((part) => !isFields(part));
  if (invalid !== -1) throw wrongType(`${prefix}content.parts[${invalid}]`, "an object");
  readInteger(request, "outputDimensionality", 1, DIMENSIONS_MAX, `${prefix}outputDimensionality`);
}
