import { TollgateError } from "@tollgate/contracts/errors";
import { WIRES } from "../wires/table.ts";
import type { RequestTarget, SurfaceWire } from "../wires/wire.ts";
import type { InferenceSurface } from "./surface.ts";

/** Azure's paths. The model comes before the operation, and may contain slashes. */
const DEPLOYMENT =
  /^\/openai\/deployments\/([^/].*?)\/((?:chat\/)?completions|embeddings|images\/(?:generations|edits)|audio\/(?:speech|transcriptions|translations))$/;

function modelIn({ path }: RequestTarget): string {
  try {
    return decodeURIComponent(DEPLOYMENT.exec(path)?.[1] ?? "");
  } catch {
    throw new TollgateError("invalid_value", "The deployment in the path is not percent-encoded correctly.", {
      param: "model",
    });
  }
}

/** The same wire for requests that name their model in the path. A model in the body has no meaning there. */
const deployed = (wire: SurfaceWire): SurfaceWire => ({
  ...wire,
  read: (body, target) => wire.read({ ...body, model: modelIn(target) }, target),
});

const surface = (name: string, wire: SurfaceWire): InferenceSurface => ({
  ...{ kind: "inference", name, method: "POST" },
  wire: deployed(wire),
  errors: wire.errors.wording,
});

/** The surfaces below `/openai/deployments/{model}`, by what follows the model. The API version in the query is not used. */
const DEPLOYMENTS: ReadonlyMap<string | undefined, InferenceSurface> = new Map([
  ["chat/completions", surface("chat-completions", WIRES["openai-chat"])],
  ["completions", surface("completions", WIRES["openai-completion"])],
  ["embeddings", surface("embeddings", WIRES["openai-embed"])],
  ["images/generations", surface("images", WIRES["openai-image"])],
  ["images/edits", surface("image-edits", WIRES["openai-image-edit"])],
  ["audio/speech", surface("speech", WIRES["openai-speech"])],
  ["audio/transcriptions", surface("transcriptions", WIRES["openai-transcribe"])],
  ["audio/translations", surface("translations", WIRES["openai-translate"])],
]);

/** Undefined: the path is none of a deployment. */
export const deploymentSurface = (path: string): InferenceSurface | undefined =>
  DEPLOYMENTS.get(DEPLOYMENT.exec(path)?.[2]);
