import { CONTAINER, FILE, type IdPlace, idPlaces, REPEATED_FILE } from "../id-places.ts";

/* Where the Messages API has ids of files and of the containers in which code runs. */

type Places = Record<string, IdPlace>;

const under = (prefix: string, places: Places): Places =>
  Object.fromEntries(Object.entries(places).map(([path, place]) => [prefix + path, place]));

/** A result of code that the provider has run. */
const RESULT: Places = { "content.content[].file_id": REPEATED_FILE };

/** An image or a document. */
const SOURCE: Places = { "source.file_id": FILE, "source.content[].source.file_id": FILE };

export const MESSAGES_IDS = idPlaces({
  ...under("messages[].content[].", {
    ...SOURCE,
    ...RESULT,
    // A `container_upload`.
    file_id: FILE,
    ...under("content[].", SOURCE),
  }),
  container: CONTAINER,
  "container.id": CONTAINER,
});

export const MESSAGE_IDS = idPlaces({ ...under("content[].", RESULT), "container.id": CONTAINER });

/** An event of a stream that is not a delta of a block. */
export const EVENT_IDS = idPlaces({
  ...under("content_block.", RESULT),
  "message.container.id": CONTAINER,
  "delta.container.id": CONTAINER,
});
