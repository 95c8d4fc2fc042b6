import { anthropicError, openAiError } from "../../../wires/error-wording.ts";
import { WIRES } from "../../../wires/table.ts";
import type { SurfaceWire } from "../../../wires/wire.ts";
import type { InferenceSurface } from "../../surface.ts";

const lines = (wire: SurfaceWire): InferenceSurface => ({
  kind: "inference",
  name: "batches",
  method: "POST",
  wire,
  errors: openAiError,
});

/** The endpoints that the lines of a batch can name. Each line is checked as a request to its endpoint is. */
export const LINE_SURFACES: ReadonlyMap<string, InferenceSurface> = new Map([
  ["/v1/chat/completions", lines(WIRES["openai-chat"])],
  ["/v1/responses", lines(WIRES["openai-responses"])],
  ["/v1/completions", lines(WIRES["openai-completion"])],
  ["/v1/embeddings", lines(WIRES["openai-embed"])],
]);

/** The requests of a message batch. */
export const MESSAGE_SURFACE: InferenceSurface = {
  ...lines(WIRES["anthropic-messages"]),
  name: "message-batches",
  errors: anthropicError,
};
