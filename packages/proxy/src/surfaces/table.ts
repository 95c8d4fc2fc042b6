import { TollgateError } from "@tollgate/contracts/errors";
import { openAiError } from "../wires/error-wording.ts";
import { WIRES } from "../wires/table.ts";
import type { SurfaceWire } from "../wires/wire.ts";
import { alive, ready } from "./health.ts";
import { me } from "./me.ts";
import { listModels, modelNamed } from "./models.ts";
import type { InferenceSurface, OpenSurface, Surface } from "./surface.ts";

/** Each call runs a model through a wire, so nothing runs without a meter. */
const inference = (name: string, wire: SurfaceWire): InferenceSurface => ({
  kind: "inference",
  name,
  method: "POST",
  wire,
  errors: wire.errors.wording,
});

/** Every endpoint there is. What is not here does not exist, so nothing runs without a meter. */
const SURFACES: ReadonlyMap<string, Surface> = new Map<string, Surface>([
  ["/v1/chat/completions", inference("chat-completions", WIRES["openai-chat"])],
  ["/v1/models", listModels],
  ["/v1/me", me],
  ["/healthz", alive],
  ["/readyz", ready],
]);

const MODEL_PREFIX = "/v1/models/";

/** Without CORS headers: no page of another origin may call us from a browser. */
const options = (allow: string): OpenSurface => ({
  kind: "open",
  name: "options",
  method: "OPTIONS",
  errors: openAiError,
  answer: () => ({ status: 204, headers: { allow }, body: "" }),
});

/** Exact paths only: no folding of case, slashes or escapes. Throws 404, or 405 with `Allow`. */
export function findSurface(method: string, path: string): Surface {
  const surface =
    SURFACES.get(path) ?? (path.startsWith(MODEL_PREFIX) ? modelNamed(path.slice(MODEL_PREFIX.length)) : undefined);
  if (!surface) throw new TollgateError("not_found", "There is no such endpoint.");
  if (method === surface.method || (method === "HEAD" && surface.method === "GET")) return surface;
  const allow = `${surface.method === "GET" ? "GET, HEAD" : surface.method}, OPTIONS`;
  if (method === "OPTIONS") return options(allow);
  throw new TollgateError("method_not_allowed", `Use ${surface.method} for this endpoint.`, { headers: { allow } });
}
