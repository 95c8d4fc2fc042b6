import { askedService } from "../asked-service.ts";
import type { Fields } from "../fields.ts";
import { readWantsUsage } from "../openai-chat/read.ts";
import {
  missing,
  readFlag,
  readInteger,
  readLabel,
  readModel,
  refuseModels,
  TOKENS_MAX,
  wrongType,
} from "../request-fields.ts";
import type { Asked } from "../wire.ts";

const CHOICES_MAX = 128;

/** Reads and checks the fields of a text completion request that the gateway uses. Throws 400. */
export function readCompletionRequest(body: Fields): Asked {
  const model = readModel(body);
  refuseModels(body);
  const stream = readFlag(body, "stream");
  const n = readInteger(body, "n", 1, CHOICES_MAX) ?? 1;
  // All candidates of `best_of` are charged, also those that are not returned.
  const bestOf = readInteger(body, "best_of", 1, CHOICES_MAX) ?? 1;
  return {
    model,
    stream,
    wantsUsage: readWantsUsage(body, stream),
    maxOutputTokens: readInteger(body, "max_tokens", 0, TOKENS_MAX),
    choices: Math.max(n, bestOf) * promptsIn(body.prompt),
    endUser: readLabel(body, "user"),
    service: askedService({ tier: body.service_tier }),
  };
}

/** Each prompt of a list has its own choices. A list of numbers is one prompt. */
function promptsIn(prompt: unknown): number {
  if (prompt === undefined) throw missing("prompt");
  if (typeof prompt === "string") return 1;
  if (!Array.isArray(prompt)) throw wrongType("prompt", "a string, or an array of strings or tokens");
  return typeof prompt[0] === "number" ? 1 : Math.max(1, prompt.length);
}
