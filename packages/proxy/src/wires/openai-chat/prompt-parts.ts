/** The fields of a content part, a message, a tool or a plugin that make a call dearer. Any of them may be missing or of another type. */
interface Part {
  type?: unknown;
  id?: unknown;
  cache_control?: { ttl?: unknown } | null;
  image_url?: unknown;
  file?: { file_data?: unknown } | null;
}

/** Sound, or a document, where an image is meant: providers take it for what it is. */
export const NO_IMAGE = /^data:(?!image\/)\w/i;
/** Of a few bytes, or of a mere reference, a model may make as many tokens as it can read: pages and films have no text size. */
const DOCUMENTS = new Set<unknown>(["file", "input_file", "document", "video_url", "input_video", "video"]);
const PLAIN_DATA = /^data:(?:text|image|audio)\//i;

/** Never `String(value)`: of a large array that takes milliseconds. */
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

/** What content parts make of a call. */
export const PART_MARKS = {
  document: mayBeDocument,
  audio: (part: Part): boolean => part.type === "input_audio" || part.type === "file" || NO_IMAGE.test(imageUrl(part)),
  /** Pages of a document are images to some providers, and no provider's parts are known to the last. */
  images: ({ type }: Part): boolean => type !== "text" && type !== "input_audio",
  longCacheWrites: ({ cache_control: mark }: Part): boolean => mark?.ttl === "1h",
} as const;

export type PartMark = keyof typeof PART_MARKS;
type Is = (part: Part) => boolean;

export const some = (list: unknown, is: Is): boolean =>
  Array.isArray(list) && list.some((each: Part | null) => each && is(each));

export const somePart = ({ messages }: Readonly<Record<string, unknown>>, is: Is): boolean =>
  Array.isArray(messages) && messages.some((message: { content?: unknown }) => some(message.content, is));
