import { dataOf, eventBounds } from "../../sse/event-blocks.ts";
import type { StreamFraming } from "../stream-framing.ts";

const COMMA = ",\r\n";

/** A stream as one JSON array, which Google's clients get if they do not ask for events. */
export const arrayFraming: StreamFraming = {
  contentType: "application/json; charset=utf-8",
  open() {
    let isFirst = true;
    return {
      events(bytes) {
        let text = "";
        for (const [start, end] of eventBounds(bytes, bytes.toString("latin1"))) {
          const data = dataOf(bytes.subarray(start, end));
          if (data === "") continue;
          text += (isFirst ? "[" : COMMA) + data;
          isFirst = false;
        }
        return text;
      },
      end: () => (isFirst ? "[]" : "]"),
    };
  },
  error: (body) => `${COMMA}${body}]`,
};
