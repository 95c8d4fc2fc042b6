import type { Fields } from "../fields.ts";
import { checkFile, typed } from "../form-fields.ts";
import { readFlag, readModel, refuseModels } from "../request-fields.ts";
import type { Asked } from "../wire.ts";
import { transcriptTokensMax } from "./bound.ts";

/** Reads and checks the fields of a transcription request that the gateway uses. Throws 400. */
export function readTranscribeRequest(given: Fields): Asked {
  const body = typed(given, [], ["stream"]);
  const model = readModel(body);
  refuseModels(body);
  checkFile(body, "file");
  return {
    model,
    stream: readFlag(body, "stream"),
    wantsUsage: false,
    maxOutputTokens: transcriptTokensMax(body),
    choices: 1,
    endUser: null,
  };
}
