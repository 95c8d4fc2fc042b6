import { FILE, idPlaces } from "../id-places.ts";

/** Where a request has ids of files. Mistral's parts have them without an object around them. */
export const CHAT_IDS = idPlaces({
  "messages[].content[].file.file_id": FILE,
  "messages[].content[].file_id": FILE,
});
