import type { ImageSize } from "./image-size.ts";

/** A picture, a document or a sound in a prompt, with what decides how many tokens it has. */
export type Medium =
  /** Null: unknown. */
  | { kind: "image"; size: ImageSize | null }
  | { kind: "pdf"; pages: number }
  | { kind: "audio"; seconds: number }
  /** It may fill the model's context window. */
  | { kind: "open" };

/** The media of a prompt, and its bytes that are theirs. */
export interface PromptMedia {
  /** Bytes of the request that are data of media. They are no tokens. */
  bytes: number;
  /** Upper bound of their tokens at a model. Null: one of them may fill the model's context window. */
  tokensMax(model: string): number | null;
}
