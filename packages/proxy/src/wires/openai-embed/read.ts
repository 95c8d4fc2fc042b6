import type { Fields } from "../fields.ts";
import { missing, readInteger, readLabel, readModel, refuseModels, wrongType, wrongValue } from "../request-fields.ts";
import type { Asked } from "../wire.ts";

const INPUTS_MAX = 100_000;
const DIMENSIONS_MAX = 100_000;

/** Reads and checks the fields of an embeddings request that the gateway uses. Throws 400. */
export function readEmbedRequest(body: Fields): Asked {
  const model = readModel(body);
  refuseModels(body);
  checkInput(body.input);
  readInteger(body, "dimensions", 1, DIMENSIONS_MAX);
  const { encoding_format: format = null } = body;
  if (format !== null && format !== "float" && format !== "base64") {
    throw wrongValue("encoding_format", "float or base64");
  }
  return {
    model,
    stream: false,
    wantsUsage: false,
    maxOutputTokens: 0,
    choices: 1,
    endUser: readLabel(body, "user"),
  };
}

function checkInput(input: unknown): void {
  if (input === undefined || input === null) throw missing("input");
  if (typeof input === "string") return;
  const wanted = "a string, or an array of strings or tokens";
  if (!Array.isArray(input)) throw wrongType("input", wanted);
  if (input.length === 0) throw wrongValue("input", "an array that is not empty");
  const kind = kindOf(input[0]);
  if (kind === null) throw wrongType("input[0]", "a string, a token or an array of tokens");
  if (kind !== "number" && input.length > INPUTS_MAX) throw wrongValue("input", `an array of at most ${INPUTS_MAX}`);
  const odd = input.findIndex((item) => kindOf(item) !== kind);
  if (odd !== -1) throw wrongType(`input[${odd}]`, "of the same type as input[0]");
}

function kindOf(item: unknown): "string" | "number" | "tokens" | null {
  if (typeof item === "string" || typeof item === "number") return typeof item as "string" | "number";
  return Array.isArray(item) && typeof item[0] === "number" ? "tokens" : null;
}
