import { BATCH_REQUEST } from "@tollgate/contracts/batch";
import { TollgateError } from "@tollgate/contracts/errors";
import type { Grant } from "@tollgate/contracts/grant";
import type { Ports } from "../../../ports.ts";
import { isObject } from "../../../wires/stored-objects.ts";
import type { InferenceSurface, ResourceCaller } from "../../surface.ts";
import { BatchBound } from "../batch-lines/batch-bound.ts";
import { type BatchTarget, batchTarget } from "../batch-lines/batch-target.ts";
import { type CheckedLines, checkLines } from "../batch-lines/check-lines.ts";
import { type FoundFile, findFile } from "../files.ts";
import { jsonAnswer } from "../json-answer.ts";
import { resourceCall } from "../resource-call.ts";
import { readStoredName } from "../stored-name.ts";
import { storesAt } from "../storing-credentials.ts";
import { ownBatch } from "./own-batch.ts";
import type { PrepareBatch } from "./prepared-batch.ts";
import { readCreate } from "./read-create.ts";

/** Rewritten lines may be longer than the uploaded ones. */
const GROWTH_MAX = 4;
const FILE = { param: "input_file_id" };

/**
 * Reads a request to `/v1/batches`. The lines of its file are fetched and checked again: rights, guardrails, limits and the
 * targets of the model may have changed since the upload.
 */
export const prepareBatch: PrepareBatch = async (ports, caller, onHits) => {
  const asked = await readCreate(ports, caller);
  const found = await inputFile(ports, caller, asked.inputFileId);
  const content = await contentOf(ports, caller, found);
  const bound = new BatchBound();
  const lines = await checkLines(ports, caller, content, {
    targetOf: (name, surface) => sameTarget(caller, found, name, surface),
    onLine: (line, { candidate }) => bound.add(line, candidate),
    onHits,
    isStored: true,
  });
  if (lines.url !== asked.endpoint)
    throw new TollgateError("invalid_value", `endpoint must be ${lines.url}, as in the file.`, { param: "endpoint" });
  if (!isUnchanged(lines, content)) throw uploadAgain("would be sent in another form now");
  const { credential, file } = found;
  const { endpoint, others } = asked;
  const marked = withRequest(others, caller.exchange.id);
  const body = JSON.stringify({ input_file_id: file.providerId, endpoint, ...(marked ?? others) });
  return {
    chosen: lines.chosen,
    bound,
    findableLines: marked ? lines.count : null,
    request: {
      method: "POST",
      path: storesAt(credential, "batches") ?? "",
      headers: ["content-type", "application/json"],
      body: Buffer.from(body),
    },
    present: (batch) => ownBatch(ports.vault.ids, file, batch),
  };
};

const METADATA_MAX = 16;

/** The same fields with the id of the request in the metadata. Null: there is no room for it. */
function withRequest(others: Readonly<Record<string, unknown>>, requestId: string) {
  const metadata = isObject(others.metadata) ? others.metadata : {};
  if (Object.keys(metadata).length >= METADATA_MAX) return null;
  return { ...others, metadata: { ...metadata, [BATCH_REQUEST]: requestId } };
}

interface InputFile extends FoundFile {
  modelName: string;
}

/** The file and the model whose name its lines had. Throws 400, 404. */
async function inputFile(ports: Ports, caller: ResourceCaller, id: string): Promise<InputFile> {
  const found = findFile(ports, caller, id, "files", FILE.param);
  const body = await resourceCall(ports, caller, found.credential, { method: "GET", path: found.path });
  const { filename } = await jsonAnswer(ports, found.file.orgId, body);
  const modelId = readStoredName(ports.vault.ids, found.file, filename)?.modelId ?? null;
  if (modelId === null)
    throw new TollgateError(
      "invalid_value",
      "input_file_id must be a file that was uploaded with purpose batch.",
      FILE,
    );
  return { ...found, modelName: modelOf(caller.grant, modelId) };
}

function modelOf({ org }: Grant, modelId: string): string {
  const model = org.models.find(({ id }) => id === modelId);
  if (model) return model.name;
  throw new TollgateError("model_not_found", "The model of this file no longer exists.", FILE);
}

function contentOf(ports: Ports, caller: ResourceCaller, { credential, path }: FoundFile): Promise<Buffer> {
  const bytesMax = GROWTH_MAX * ports.settings.bodyBytesMax;
  return resourceCall(ports, caller, credential, { method: "GET", path: `${path}/content` }, bytesMax);
}

/** The lines have the provider's name of the model. Only the target that has it now may run them. */
function sameTarget(
  { grant, exchange }: ResourceCaller,
  { credential, modelName }: InputFile,
  name: string,
  surface: InferenceSurface,
): BatchTarget {
  const wanted = { surface, stores: "batches", atMs: exchange.atMs, credentialId: credential.id } as const;
  const target = batchTarget(grant, modelName, wanted);
  if (target.candidate.target.upstreamModel === name) return target;
  throw uploadAgain("has another model than the model's target now", "model");
}

/** Whether the checks would send the stored bytes. If not, a guardrail or an output limit is new. */
function isUnchanged({ jsonl }: CheckedLines, content: Buffer): boolean {
  let at = 0;
  for (const chunk of jsonl) {
    if (!content.subarray(at, at + chunk.length).equals(chunk)) return false;
    at += chunk.length;
  }
  return at === content.length;
}

const uploadAgain = (why: string, param = FILE.param): TollgateError =>
  new TollgateError("invalid_value", `The file ${why}: the policy has changed. Upload it again.`, { param });
