import type { Fields } from "../fields.ts";

const SMALL_PIXELS = 512;
const SQUARE_PIXELS = 1_024;

/** Width and height in pixels; null if the provider chooses. */
export function sizeOf({ size }: Fields): [width: number, height: number] | null {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(typeof size === "string" ? size : "") ?? [];
  return width && height ? [Number(width), Number(height)] : null;
}

/**
 * The unit, a part of `images`, for images of this size and quality, where providers have a price for each. `images`: the
 * ordinary one, of 1024 by 1024 pixels. Null: the provider chooses, so it may be any.
 */
export function gradeOf(body: Fields): string | null {
  const size = sizeOf(body);
  const quality = body.quality ?? "standard";
  if (!size || quality === "auto") return null;
  const isLarge = Math.max(...size) > SQUARE_PIXELS;
  if (quality === "hd" || quality === "high") return isLarge ? "imagesHdLarge" : "imagesHd";
  if (isLarge) return "imagesLarge";
  return Math.max(...size) <= SMALL_PIXELS ? "imagesSmall" : "images";
}

export const GRADES = ["imagesSmall", "imagesLarge", "imagesHd", "imagesHdLarge"];
