import { FILE, idPlaces } from "../id-places.ts";

/** Where a request for an edit, as JSON, has ids of files. */
export const IMAGE_IDS = idPlaces({ "images[].file_id": FILE, "image[].file_id": FILE, "mask.file_id": FILE });
