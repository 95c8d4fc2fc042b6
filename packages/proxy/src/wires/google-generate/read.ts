import { askedService } from "../asked-service.ts";
import { type Fields, isFields } from "../fields.ts";
import { checkTools, missing, readInteger, TOKENS_MAX, wrongType, wrongValue } from "../request-fields.ts";
import type { Asked, RequestTarget } from "../wire.ts";
import { toolsOf } from "./contents.ts";
import { listOf, named, objectIn } from "./names.ts";
import { methodOf, modelOf, wantsEvents } from "./target.ts";
import { askedTier } from "./tier.ts";

const CONTENTS_MAX = 100_000;
/** Google answers a request for more with 400. */
const CANDIDATES_MAX = 8;
const STREAM_METHOD = "streamGenerateContent";

/** How a stream is written. It decides the bytes of the answer, so it is part of the cache's key. */
export const ARRAY = "array";
const EVENTS = "events";

/** Reads and checks what the gateway uses. The provider checks the rest. Throws 400 and names the field. */
export function readGenerateRequest(given: Fields, target: RequestTarget): Asked {
  const body = named(given);
  const stream = methodOf(target.path) === STREAM_METHOD;
  const isEvents = wantsEvents(target);
  const config = objectIn(body, "generationConfig");
  checkPrompt(body);
  return {
    model: modelOf(target),
    stream,
    wantsUsage: true,
    maxOutputTokens: readInteger(config, "maxOutputTokens", 0, TOKENS_MAX, "generationConfig.maxOutputTokens"),
    choices: readInteger(config, "candidateCount", 1, CANDIDATES_MAX, "generationConfig.candidateCount") ?? 1,
    endUser: null,
    service: askedService({ tier: askedTier(body, target), tierField: "serviceTier" }),
    ...(stream && { variant: isEvents ? EVENTS : ARRAY }),
    ...(toolsOf(body).some(({ googleSearch }) => isFields(googleSearch)) && { searchesWeb: true }),
  };
}

/** The fields that a count of tokens has too. */
export function checkPrompt(body: Fields): void {
  checkContents(body.contents);
  objectIn(body, "toolConfig");
  const { systemInstruction: system = null } = body;
  if (system !== null) checkContent(system, "systemInstruction");
  checkTools(body.tools === undefined ? undefined : listOf(body.tools));
  for (const [index, tool] of toolsOf(body).entries()) {
    const { functionDeclarations: declared } = tool;
    checkTools(declared === undefined ? undefined : listOf(declared), `tools[${index}].functionDeclarations`);
  }
}

function checkContents(contents: unknown): void {
  if (contents === undefined || contents === null) throw missing("contents");
  const list = listOf(contents);
  if (list.length === 0 || list.length > CONTENTS_MAX) throw wrongValue("contents", `1 to ${CONTENTS_MAX} contents`);
  for (const [index, content] of list.entries()) checkContent(content, `contents[${index}]`);
}

function checkContent(content: unknown, param: string): void {
  if (!isFields(content)) throw wrongType(param, "an object with parts");
  const parts = listOf(content.parts);
  const invalid = parts.findIndex((part) => !isFields(part));
  if (invalid !== -1) throw wrongType(`${param}.parts[${invalid}]`, "an object");
}
