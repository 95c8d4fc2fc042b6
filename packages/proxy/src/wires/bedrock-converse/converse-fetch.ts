import { setImmediate as turn } from "node:timers/promises";
import { codeOf, statusOf } from "./exceptions.ts";
import { FrameCutter, headersOf, payloadOf } from "./frames.ts";

type Fetch = typeof globalThis.fetch;

const FRAMES_PER_TURN = 32;
const EVENT_STREAM = "application/vnd.amazon.eventstream";

/**
 * A fetch whose event streams consist of whole frames. A stream that begins with an exception is a refusal, as if it had come
 * with its status: the model has not begun.
 */
export const withWholeFrames =
  (fetch: Fetch): Fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    const { body, headers, status } = response;
    if (!response.ok || !body || !headers.get("content-type")?.startsWith(EVENT_STREAM)) return response;
    const frames = framesOf(body);
    const first = await frames.next();
    const refusal = first.done ? null : refusalIn(first.value);
    if (!refusal) return new Response(streamOf(first, frames), { status, headers });
    await frames.return();
    const { code, message } = refusal;
    const refused = new Headers(headers);
    refused.set("content-type", "application/json");
    return new Response(JSON.stringify({ type: codeOf(code), message }), { status: statusOf(code), headers: refused });
  };

type Frames = AsyncGenerator<Buffer, void>;

async function* framesOf(body: ReadableStream<Uint8Array>): Frames {
  const cutter = new FrameCutter();
  for await (const chunk of body) {
    for (const [index, frame] of cutter.push(chunk).entries()) {
      // One chunk can have thousands of frames, and nothing else has a turn between them.
      if (index % FRAMES_PER_TURN === FRAMES_PER_TURN - 1) await turn();
      yield checked(frame);
    }
  }
  cutter.end();
}

/** Throws for an error that Bedrock did not foresee: it has a code and no exception. */
function checked(frame: Buffer): Buffer {
  const headers = headersOf(frame);
  if (headers.get(":message-type") !== "error") return frame;
  throw new Error(`Error in the stream: ${headers.get(":error-code")} ${headers.get(":error-message")}`);
}

function refusalIn(frame: Buffer): { code: string; message: unknown } | null {
  const headers = headersOf(frame);
  const code = headers.get(":exception-type");
  if (headers.get(":message-type") !== "exception" || code === undefined) return null;
  try {
    return { code, message: JSON.parse(payloadOf(frame)).message };
  } catch {
    return { code, message: undefined };
  }
}

function streamOf(first: IteratorResult<Buffer, void>, frames: Frames): ReadableStream<Uint8Array> {
  let next: IteratorResult<Buffer, void> | null = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = next ?? (await frames.next());
      next = null;
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    async cancel() {
      await frames.return();
    },
  });
}
