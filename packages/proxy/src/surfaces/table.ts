import { TollgateError } from "@tollgate/contracts/errors";
import { openAiError } from "../wires/error-wording.ts";
import { WIRES } from "../wires/table.ts";
import type { SurfaceWire } from "../wires/wire.ts";
import { deploymentSurface } from "./deployments.ts";
import { alive, ready } from "./health.ts";
import { me } from "./me.ts";
import { listModels, modelNamed } from "./models.ts";
import { batchListSurfaces, batchSurfaces } from "./resources/batches/batches.ts";
import { messageBatchListSurfaces, messageBatchSurfaces } from "./resources/batches/message-batches.ts";
import { containerSurfaces } from "./resources/container-files.ts";
import { fileListSurfaces, fileSurfaces } from "./resources/files.ts";
import { responseSurfaces } from "./resources/stored-responses.ts";
import type { InferenceSurface, OpenSurface, Surface } from "./surface.ts";

/** A surface that runs a model through a wire, which meters each call. */
const inference = (name: string, wire: SurfaceWire): InferenceSurface => ({
  kind: "inference",
  name,
  method: "POST",
  wire,
  errors: wire.errors.wording,
});

type Row = [path: string, surface: Surface];

/** The paths that clients of each API family use: below `/v1`, and below the name of the family. */
const openAi = (path: string, surface: Surface): Row[] =>
  ["/v1", "/openai/v1", "/openai"].map((prefix) => [prefix + path, surface]);

const anthropic = (path: string, surface: Surface): Row[] =>
  ["/v1", "/anthropic/v1"].map((prefix) => [prefix + path, surface]);

/** All endpoints. A path that is not listed does not exist, so no model can run without metering. */
const SURFACES: ReadonlyMap<string, Surface> = new Map<string, Surface>([
  ...openAi("/chat/completions", inference("chat-completions", WIRES["openai-chat"])),
  ...openAi("/responses", inference("responses", WIRES["openai-responses"])),
  ...openAi("/completions", inference("completions", WIRES["openai-completion"])),
  ...openAi("/embeddings", inference("embeddings", WIRES["openai-embed"])),
  ...openAi("/moderations", inference("moderations", WIRES["openai-moderate"])),
  ...openAi("/images/generations", inference("images", WIRES["openai-image"])),
  ...openAi("/images/edits", inference("image-edits", WIRES["openai-image-edit"])),
  ...openAi("/audio/speech", inference("speech", WIRES["openai-speech"])),
  ...openAi("/audio/transcriptions", inference("transcriptions", WIRES["openai-transcribe"])),
  ...openAi("/audio/translations", inference("translations", WIRES["openai-translate"])),
  ["/v1/rerank", inference("rerank", WIRES["cohere-rerank-1"])],
  ["/v2/rerank", inference("rerank-v2", WIRES["cohere-rerank"])],
  ...openAi("/models", listModels),
  ...anthropic("/messages", inference("messages", WIRES["anthropic-messages"])),
  ...anthropic("/messages/count_tokens", inference("count-tokens", WIRES["anthropic-count"])),
  ["/anthropic/v1/models", listModels],
  ["/v1beta/models", listModels],
  ["/google/v1beta/models", listModels],
  ["/google/v1/models", listModels],
  ["/v1/me", me],
  ["/healthz", alive],
  ["/readyz", ready],
]);

const MODEL = /^(?:\/v1|\/openai\/v1|\/openai|\/anthropic\/v1|(?:\/google)?\/v1beta|\/google\/v1)\/models\/(.*)$/;

const METHOD = /^(?:\/google)?\/v1(?:beta)?\/models\/.+:(\w+)$/;

/** Google's methods. They follow the model in the path, after a colon. */
const METHODS: ReadonlyMap<string | undefined, Surface> = new Map<string, Surface>([
  ["generateContent", inference("generate-content", WIRES["google-generate"])],
  ["streamGenerateContent", inference("generate-content", WIRES["google-generate"])],
  ["countTokens", inference("count-content", WIRES["google-count"])],
  ["embedContent", inference("embed-content", WIRES["google-embed-one"])],
  ["batchEmbedContents", inference("embed-contents", WIRES["google-embed"])],
]);

/** Sends no CORS headers, so browsers do not let pages of other origins call the gateway. */
const options = (allow: string): OpenSurface => ({
  kind: "open",
  name: "options",
  method: "OPTIONS",
  errors: openAiError,
  answer: () => ({ status: 204, headers: { allow }, body: "" }),
});

/** An object that a provider stores, or all of a kind: the kind, the id, and what follows it. */
const STORED =
  /^(?:(?:\/v1|\/openai\/v1|\/openai)\/(?=responses|files|batches)|\/anthropic\/v1\/(?=files))(\w+)(?:\/([^/]+)(\/\w+)?)?$/;

const CONTAINERS = /^(?:\/v1|\/openai\/v1|\/openai)\/containers\/([^/]+)\/files(?:\/([^/]+)(\/\w+)?)?$/;

const MESSAGE_BATCHES = /^(?:\/anthropic)?\/v1\/messages\/batches(?:\/([^/]+)(\/\w+)?)?$/;

const STORED_SURFACES: Readonly<Record<string, (id: string | undefined, after: string) => readonly Surface[]>> = {
  responses: (id, after) => (id === undefined ? [] : responseSurfaces(id, after)),
  batches: (id, after) => (id === undefined ? batchListSurfaces : batchSurfaces(id, after)),
  files: (id, after) => (id === undefined ? fileListSurfaces : fileSurfaces(id, after)),
};

/** Surfaces whose path contains a name or an id. One path may have several methods. */
function namedSurfaces(path: string): readonly Surface[] {
  const named = METHODS.get(METHOD.exec(path)?.[1]) ?? deploymentSurface(path);
  if (named) return [named];
  const [, model] = MODEL.exec(path) ?? [];
  if (model !== undefined) return [modelNamed(model)];
  const messages = MESSAGE_BATCHES.exec(path);
  if (messages) {
    const [, id, after = ""] = messages;
    return id === undefined ? messageBatchListSurfaces : messageBatchSurfaces(id, after);
  }
  const container = CONTAINERS.exec(path);
  if (container) return containerSurfaces(container[1] ?? "", container[2], container[3] ?? "");
  const [, kind = "", id, after = ""] = STORED.exec(path) ?? [];
  return STORED_SURFACES[kind]?.(id, after) ?? [];
}

/** Matches exact paths; case, slashes and escapes are not normalised. Throws 404, or 405 with `Allow`. */
export function findSurface(method: string, path: string): Surface {
  const listed = SURFACES.get(path);
  if (listed && method === listed.method) return listed;
  const surfaces = listed ? [listed] : namedSurfaces(path);
  if (surfaces.length === 0) throw new TollgateError("not_found", "There is no such endpoint.");
  const surface = surfaces.find((each) => method === each.method || (method === "HEAD" && each.method === "GET"));
  if (surface) return surface;
  // A method that the gateway does not have looks like a name of a model.
  if (method === "POST" && METHOD.test(path) && !METHODS.has(METHOD.exec(path)?.[1]))
    throw new TollgateError("not_found", "There is no such method of models here.");
  const methods = surfaces.map((each) => each.method);
  const allow = methods.flatMap((each) => (each === "GET" ? ["GET", "HEAD"] : [each])).join(", ");
  if (method === "OPTIONS") return options(`${allow}, OPTIONS`);
  const headers = { allow: `${allow}, OPTIONS` };
  throw new TollgateError("method_not_allowed", `Use ${methods.join(" or ")} for this endpoint.`, { headers });
}
