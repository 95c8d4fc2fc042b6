import type { Answer } from "./answer.ts";
import type { CachedAnswer } from "./cache/cache.ts";
import { NOTHING_YET } from "./wires/answer-report.ts";

/** A kept answer given again whole: a stream's events too are replayed in one go. */
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
