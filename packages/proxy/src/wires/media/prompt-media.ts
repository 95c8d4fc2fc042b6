import { atOnce, type Steps } from "../../body/steps.ts";
import { audioSecondsMax, HEAD_BYTES } from "./audio-seconds.ts";
import { IMAGE_HEAD_BYTES, imageSize } from "./image-size.ts";
import { mediaTokensMax } from "./media-tokens.ts";
import type { Medium, PromptMedia } from "./medium.ts";
import { countingPages } from "./pdf-pages.ts";

type Path = readonly (string | number)[];

/** What a text is: an address or the data of an image, the data of a sound, of a file, or of what cannot be measured. */
export type MediumKind = "image" | "audio" | "file" | "open";

const NO_MEDIA: PromptMedia = { bytes: 0, tokensMax: () => 0 };

const DATA_URL = /^data:[^,]{0,100},/;
const PDF_START = /^JVBER/;

interface Found {
  kind: MediumKind;
  text: string;
}

/** Collects the media of a request while its texts are visited, and measures them afterwards. */
export class MediaCollector {
  readonly #kindOf: (text: string, path: Path, isData: boolean) => MediumKind | null;
  #found: Found[] | null = null;

  constructor(kindOf: (text: string, path: Path, isData: boolean) => MediumKind | null) {
    this.#kindOf = kindOf;
  }

  readonly visit = (text: string, path: Path, isData: boolean): void => {
    const kind = this.#kindOf(text, path, isData);
    if (kind === null) return;
    this.#found ??= [];
    this.#found.push({ kind, text: isData ? text : "" });
  };

  /** For a small request. */
  measured(): PromptMedia {
    return this.#found === null ? NO_MEDIA : atOnce(this.measuring());
  }

  *measuring(): Steps<PromptMedia> {
    if (this.#found === null) return NO_MEDIA;
    const media: Medium[] = [];
    let bytes = 0;
    for (const { kind, text } of this.#found) {
      bytes += text.length;
      media.push(yield* measuringOne(kind, text));
      yield;
    }
    return { bytes, tokensMax: (model) => mediaTokensMax(media, model) };
  }
}

function* measuringOne(kind: MediumKind, text: string): Steps<Medium> {
  if (kind === "open") return { kind };
  const data = text.slice(0, 110).replace(DATA_URL, "");
  const from = text.length <= 110 ? text.length - data.length : Math.min(110, text.length) - data.length;
  if (kind === "image") return { kind, size: text === "" ? null : imageSize(decoded(text, from, IMAGE_HEAD_BYTES)) };
  if (kind === "audio") return { kind, seconds: secondsOf(text.slice(from)) };
  const size = imageSize(decoded(text, from, IMAGE_HEAD_BYTES));
  if (size) return { kind: "image", size };
  if (!PDF_START.test(data)) return { kind: "open" };
  const pages = yield* countingPages(text.slice(from));
  return pages === null ? { kind: "open" } : { kind: "pdf", pages };
}

/** The first bytes of base64 from a position on. */
const decoded = (text: string, from: number, bytes: number): Buffer =>
  Buffer.from(text.slice(from, from + Math.ceil(bytes / 3) * 4), "base64");

/** From the first and last bytes, because decoding a long recording would hold the event loop. */
function secondsOf(base64: string): number {
  const length = Math.floor((base64.length * 3) / 4);
  if (length <= 2 * HEAD_BYTES) return audioSecondsMax(Buffer.from(base64, "base64"));
  const chars = Math.ceil(HEAD_BYTES / 3) * 4;
  const tailStart = base64.length - chars - (base64.length % 4);
  return audioSecondsMax(decoded(base64, 0, HEAD_BYTES), {
    tail: Buffer.from(base64.slice(tailStart - (tailStart % 4)), "base64"),
    length,
  });
}

/**
 * Upper bound of a prompt's tokens from that of its texts, whose `bytes` include the media. `model`: at this model; default:
 * at any. Infinity: only the model's context window bounds it.
 */
export function withMedia({ bytes, tokensMax }: PromptMedia, textTokens: number, model: string | undefined): number {
  const tokens = tokensMax(model ?? "");
  if (tokens === null) return model === undefined ? textTokens : Number.POSITIVE_INFINITY;
  return textTokens - bytes + tokens;
}
