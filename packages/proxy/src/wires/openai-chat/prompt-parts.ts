/**
 * Fields of a content part, message, tool or plugin that affect the price of a call. Each may be missing or of another
 * type.
 */
interface Part {
  type?: unknown;
  id?: unknown;
  cache_control?: { ttl?: unknown } | null;
  image_url?: unknown;
  file?: { file_data?: unknown } | null;
}

/** A data URL in an image field that is not an image. Providers process it as the audio or document it is. */
export const NO_IMAGE = /^data:(?!image\/)\w/i;
/** Parts whose tokens cannot be bounded by their bytes: a small file or a link may fill the model's context window. */
const DOCUMENTS = new Set<unknown>(["file", "input_file", "document", "video_url", "input_video", "video"]);
/** Data whose tokens are bounded by what it is: its text, its size, its seconds or its pages. */
const PLAIN_DATA = /^data:(?:text|image|audio)\/|^data:application\/pdf;/i;

/** `String(value)` is not used because it takes milliseconds for a large array. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

function imageUrl({ image_url: image }: Part): string {
  const url = typeof image === "object" && image !== null && "url" in image ? image.url : image;
  return textOf(url);
}

function mayBeDocument(part: Part): boolean {
  const url = imageUrl(part);
  if (url !== "") return url.startsWith("data:") && !PLAIN_DATA.test(url);
  return DOCUMENTS.has(part.type) && !PLAIN_DATA.test(textOf(part.file?.file_data));
}

/** Properties of a call that follow from its content parts. Each function tells whether a part has the property. */
export const PART_MARKS = {
  document: mayBeDocument,
  audio: (part: Part): boolean => part.type === "input_audio" || part.type === "file" || NO_IMAGE.test(imageUrl(part)),
  /** Every part except text and audio counts: some providers turn the pages of a document into images. */
  images: ({ type }: Part): boolean => type !== "text" && type !== "input_audio",
  longCacheWrites: ({ cache_control: mark }: Part): boolean => mark?.ttl === "1h",
} as const;

export type PartMark = keyof typeof PART_MARKS;
type Is = (part: Part) => boolean;

export const some = (list: unknown, is: Is): boolean =>
  Array.isArray(list) && list.some((each: Part | null) => each && is(each));

export const somePart = ({ messages }: Readonly<Record<string, unknown>>, is: Is): boolean =>
  Array.isArray(messages) && messages.some((message: { content?: unknown }) => some(message.content, is));
