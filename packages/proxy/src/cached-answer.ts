import type { Answer } from "./answer.ts";
import type { CachedAnswer } from "./cache/cache.ts";
import { NOTHING_YET } from "./wires/answer-report.ts";

/** A cached answer, sent in one piece; the events of a stream are also sent at once. */
export function cachedAnswer({ contentType, body }: CachedAnswer): Answer {
  const report = { ...NOTHING_YET, finished: true };
  return {
    head: { status: 200, headers: { "content-type": contentType } },
    whole: { body, report },
    pour: (listener) => {
      listener.onChunk(body);
      listener.onEnd(report);
    },
    resume: () => {},
    abort: () => {},
    report: () => report,
  };
}
