import { type IdPlace, idPlaces } from "../id-places.ts";

/** The host whose addresses name files of a Google project. */
const FILES_HOST = "generativelanguage.googleapis.com";
const FILES_PATH = /^(?:https?:\/\/.*\/v1(?:beta|alpha)?\/|\/?)files\//i;

/** Other addresses, such as those of videos and of Cloud Storage, are not ids. */
const FILE_ADDRESS: IdPlace = {
  kind: "file",
  isId: (text) => text.startsWith("file-") || FILES_PATH.test(text) || URL.parse(text)?.hostname === FILES_HOST,
};

/** Google accepts each name in two spellings. */
const PARTS = ["fileData", "file_data"].flatMap((data) => [`parts[].${data}.fileUri`, `parts[].${data}.file_uri`]);
const IN_PARTS = [
  ...PARTS,
  ...["functionResponse", "function_response"].flatMap((name) => PARTS.map((part) => `parts[].${name}.${part}`)),
];

const placesIn = (...contents: readonly string[]) =>
  idPlaces(
    Object.fromEntries(contents.flatMap((content) => IN_PARTS.map((part) => [`${content}.${part}`, FILE_ADDRESS]))),
  );

const PROMPT = ["contents[]", "systemInstruction", "system_instruction"];

/** Where a request for an answer has addresses of files. */
export const GENERATE_IDS = placesIn(...PROMPT);

/** A count has the prompt, or the whole request around it. */
export const COUNT_IDS = placesIn(
  ...PROMPT,
  ...["generateContentRequest", "generate_content_request"].flatMap((name) => PROMPT.map((each) => `${name}.${each}`)),
);

export const EMBED_IDS = placesIn("content", "requests[].content");
