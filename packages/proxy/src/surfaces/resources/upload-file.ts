import { randomUUID } from "node:crypto";
import { TollgateError } from "@tollgate/contracts/errors";
import type { CredentialPolicy } from "@tollgate/contracts/grant";
import { type FormPart, RawForm } from "../../body/raw-form.ts";
import { boundaryOf, readingForm } from "../../body/read-form.ts";
import { atOnce, inTurns, LARGE_BYTES } from "../../body/steps.ts";
import type { Ports } from "../../ports.ts";
import { filesOf } from "../../wires/form-fields.ts";
import { missing, wrongValue } from "../../wires/request-fields.ts";
import { isString } from "../../wires/stored-objects.ts";
import type { Reply, ResourceCaller } from "../surface.ts";
import { batchTarget } from "./batch-lines/batch-target.ts";
import { checkLines } from "./batch-lines/check-lines.ts";
import { type FileFormat, fileFormat } from "./file-format.ts";
import { ownFile } from "./file-object.ts";
import { jsonAnswer, jsonReply } from "./json-answer.ts";
import { resourceCall } from "./resource-call.ts";
import { storedName } from "./stored-name.ts";
import { credentialForFile, MODEL_HEADER, storesAt } from "./storing-credentials.ts";

const FORM_TYPE = /^multipart\/form-data\s*(?:;|$)/i;
const NAME_CHARS_MAX = 255;
/** The fields of the form besides the file, as they are sent on. */
const TEXTS = ["purpose", "expires_after[anchor]", "expires_after[seconds]"];
/** The purpose of a file whose lines are sent to a model. */
const BATCH = "batch";
const PURPOSE = /^[a-z][a-z0-9_-]{0,63}$/;

interface Upload {
  texts: [name: string, text: string][];
  purpose: string;
  name: string;
  type: string | null;
  content: Buffer;
}

/** What is stored, and where. */
interface Stored {
  credential: CredentialPolicy;
  modelId: string | null;
  content: Buffer[];
}

/**
 * Stores a file at the provider. The lines of a batch are checked here and when the batch is created: they are what a model
 * gets. Throws 400, 403, 404, 413, 415, 503.
 */
export async function uploadFile(ports: Ports, caller: ResourceCaller): Promise<Reply> {
  const { grant, exchange } = caller;
  const format = fileFormat(exchange);
  const upload = await readUpload(ports, caller, format);
  const header = exchange.headers[MODEL_HEADER];
  const stored =
    upload.purpose === BATCH
      ? await batchInput(ports, caller, upload)
      : {
          credential: credentialForFile(grant, isString(header) ? header : undefined, format.stores),
          modelId: null,
          content: null,
        };
  const { credential, modelId } = stored;
  const owner = { orgId: grant.org.id, keyId: grant.key.id, credentialId: credential.id };
  const filename = storedName(ports.vault.ids, owner, { name: upload.name, modelId });
  // From here on a connection reads it, maybe for longer than the call lasts.
  exchange.memory.body = null;
  const form = formOf(upload, filename, stored.content ?? [upload.content]);
  const body = await resourceCall(ports, caller, credential, {
    method: "POST",
    path: storesAt(credential, format.stores) ?? "",
    headers: ["content-type", form.contentType, ...format.headers(exchange)],
    body: form.pieces,
  });
  return jsonReply(ownFile(ports.vault.ids, owner, await jsonAnswer(ports, owner.orgId, body)));
}

async function batchInput(ports: Ports, caller: ResourceCaller, { content }: Upload): Promise<Stored> {
  const { grant, exchange } = caller;
  const { chosen, jsonl } = await checkLines(ports, caller, content, {
    targetOf(name, surface, credentialId) {
      const target = batchTarget(grant, name, { surface, stores: "batches", atMs: exchange.atMs, credentialId });
      // The name of the stored file has the id of the model.
      if (target.model.id !== null) return target;
      const message = `A file for a batch cannot address ${name} directly: name a model of the organisation.`;
      throw new TollgateError("invalid_value", message, { param: "model" });
    },
  });
  return { credential: chosen.candidate.credential, modelId: chosen.model.id, content: jsonl };
}

async function readUpload(
  ports: Ports,
  { exchange, grant }: ResourceCaller,
  { hasPurpose }: FileFormat,
): Promise<Upload> {
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = exchange.headers;
  if (!FORM_TYPE.test(type) || encoding !== "identity") {
    throw new TollgateError("unsupported_media_type", "Send the file as multipart/form-data, not compressed.");
  }
  const boundary = boundaryOf(type);
  const { bodyBytesMax, bodyTimeoutMs } = ports.settings;
  const bytes = await exchange.body(bodyBytesMax, bodyTimeoutMs);
  exchange.memory.body = bytes;
  const reading = readingForm(bytes, boundary);
  const { body, raw } =
    bytes.length <= LARGE_BYTES ? atOnce(reading) : await inTurns(reading, ports.lanes.of(grant.org.id));
  const [file, second] = filesOf(body, "file");
  if (!file || second) throw file ? wrongValue("file", "one file") : missing("file");
  const unknown = Object.keys(body).find((name) => name !== "file" && !(hasPurpose && TEXTS.includes(name)));
  if (unknown !== undefined)
    throw new TollgateError("invalid_value", `The form has a field that is not known: ${unknown}.`, { param: unknown });
  if (!hasPurpose) return { texts: [], purpose: "", content: file.content, ...headOf(raw.part("file")) };
  const { purpose } = body;
  if (purpose === undefined) throw missing("purpose");
  if (!isString(purpose) || !PURPOSE.test(purpose))
    throw wrongValue("purpose", "a purpose of the provider, such as batch");
  const texts = TEXTS.flatMap((name): [string, string][] => {
    const text = body[name];
    return isString(text) ? [[name, text]] : [];
  });
  return { texts, purpose, content: file.content, ...headOf(raw.part("file")) };
}

function headOf(part: FormPart | undefined): Pick<Upload, "name" | "type"> {
  const name = part?.filename ?? "file";
  if (name.length > NAME_CHARS_MAX || /\p{Cc}/u.test(name))
    throw wrongValue("file", `a file with a name of at most ${NAME_CHARS_MAX} characters`);
  return { name: name === "" ? "file" : name, type: part?.contentType ?? null };
}

/** The form that the provider gets: only known fields, in pieces that are not copied. */
function formOf({ texts, type }: Upload, filename: string, content: readonly Buffer[]) {
  const boundary = `tollgate-${randomUUID()}`;
  const fields = texts.map(([name, text]): FormPart => {
    return { name, isFile: false, filename: null, contentType: null, content: Buffer.from(text) };
  });
  const none = Buffer.alloc(0);
  const file: FormPart = { name: "file", isFile: true, filename, contentType: type, content: none };
  const form = new RawForm(boundary, [...fields, file], 0);
  const pieces = form.pieces({});
  // The last three pieces are the empty content of the file, the line end after it, and the closing boundary.
  pieces.splice(-3, 1, ...content);
  return { contentType: form.contentType, pieces };
}
