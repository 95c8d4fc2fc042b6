import { CONTAINER, FILE, type IdPlace, idPlaces, REPEATED_FILE } from "../id-places.ts";

/* Where the Responses API has ids of files and of the containers in which code runs. */

type Places = Record<string, IdPlace>;

const under = (prefix: string, places: Places): Places =>
  Object.fromEntries(Object.entries(places).map(([path, place]) => [prefix + path, place]));

/** Parts of an item's content or of a tool's output. */
const PART: Places = { file_id: FILE };

/** What an answer cites. */
const ANNOTATION: Places = { file_id: REPEATED_FILE, container_id: CONTAINER };

const OUTPUT_ITEM: Places = {
  ...under("content[].annotations[].", ANNOTATION),
  "results[].file_id": REPEATED_FILE,
  container_id: CONTAINER,
};

const ITEM: Places = {
  ...OUTPUT_ITEM,
  ...under("content[].", PART),
  ...under("output[].", PART),
  ...under("output.", PART),
};

const TOOL: Places = {
  container: CONTAINER,
  "container.file_ids[]": FILE,
  "environment.container_id": CONTAINER,
  "environment.file_ids[]": FILE,
  "input_image_mask.file_id": FILE,
};

const REQUEST: Places = {
  ...under("input[].", ITEM),
  ...under("tools[].", TOOL),
  ...under("tools[].tools[].", TOOL),
  "prompt.variables.*.file_id": FILE,
};

/** Ids of a response object: its output, and what it repeats of the request. */
const RESPONSE: Places = {
  ...under("output[].", OUTPUT_ITEM),
  ...under("tools[].", TOOL),
  ...under("instructions[].", ITEM),
  "prompt.variables.*.file_id": FILE,
};

export const RESPONSES_IDS = idPlaces(REQUEST);
/** A response, or a list of the input items of a stored one. */
export const RESPONSE_IDS = idPlaces({ ...RESPONSE, ...under("data[].", ITEM) });
/** An event of a stream that is not a delta. */
export const EVENT_IDS = idPlaces({
  ...under("response.", RESPONSE),
  ...under("item.", OUTPUT_ITEM),
  ...under("part.annotations[].", ANNOTATION),
  ...under("annotation.", ANNOTATION),
});
