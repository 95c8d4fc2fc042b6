import type { Path, TextVisitor } from "./wire.ts";

/** Whether the text at a path is an image: a URL or base64 data. */
type IsImage = (text: string, path: Path, isData: boolean) => boolean;

/** Upper bound for one image: 2048 × 768 in full detail on gpt-4o-mini, the most of any known model. */
export const IMAGE_TOKENS_MAX = 48_200;
/** Estimate for one image. */
const IMAGE_TOKENS = 800;
/** Upper bound of the instructions that providers add to a prompt with tools. */
export const TOOL_PREAMBLE_TOKENS = 1_000;
/** Estimate for the role and the separators of each text. */
const FRAMING_TOKENS = 4;
/** How many searches are held for a call that lets the provider search. */
export const SEARCHES_MAX = 10;

/** Characters read for one estimate. Beyond that, texts are sampled. */
const SAMPLED_CHARS = 16_384;
const SAMPLES_MIN = 16;

/** Estimates the tokens of a prompt from its texts. */
export class TextTokens {
  tokens = FRAMING_TOKENS;
  #samplesLeft = SAMPLED_CHARS;
  readonly #isImage: IsImage;

  constructor(isImage: IsImage) {
    this.#isImage = isImage;
  }

  readonly visit: TextVisitor = (text, path, isData) => {
    if (this.#isImage(text, path, isData)) this.tokens += IMAGE_TOKENS;
    else if (!isData) {
      this.tokens += FRAMING_TOKENS + textTokensEstimate(text, Math.max(SAMPLES_MIN, this.#samplesLeft));
      this.#samplesLeft -= text.length;
    }
  };
}

/** A token is about 4 characters of Latin text, or 1.5 characters of most other scripts. */
function textTokensEstimate(text: string, samplesMax: number): number {
  const step = Math.ceil(text.length / samplesMax) || 1;
  let wide = 0;
  for (let i = 0; i < text.length; i += step) if (text.charCodeAt(i) > 0x24f) wide += step;
  wide = Math.min(wide, text.length);
  return Math.ceil((text.length - wide) / 4 + wide / 1.5);
}
