/** An answer too large to be one. */
export class OversizedAnswer extends Error {
  override readonly name = "OversizedAnswer";
}

export interface AnswerBounds {
  bytesMax: number;
  /** Bytes without a line feed: one event of a stream. */
  lineBytesMax: number;
}

const LINE_FEED = 0x0a;

/** `fetch` whose decoded bodies end in an `OversizedAnswer` instead of filling the memory. */
export function boundedFetch(fetch: typeof globalThis.fetch, { bytesMax, lineBytesMax }: AnswerBounds): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.body) return response;
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
    let bytes = 0;
    let lineBytes = 0;
    const body = response.body.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          bytes += chunk.length;
          const lastFeed = chunk.lastIndexOf(LINE_FEED);
          lineBytes = lastFeed === -1 ? lineBytes + chunk.length : chunk.length - lastFeed - 1;
          if (bytes > bytesMax || (isStream && lineBytes > lineBytesMax)) {
            controller.error(new OversizedAnswer(`answer exceeds ${bytes > bytesMax ? bytesMax : lineBytesMax} bytes`));
          } else {
            controller.enqueue(chunk);
          }
        },
      }),
    );
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers: [...headers] });
  };
}
