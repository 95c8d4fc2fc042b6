import { parsingAnswer } from "../../body/read-json.ts";
import { inTurns, type Lane } from "../../body/steps.ts";
import type { StoredObject } from "../../wires/stored-objects.ts";

const NEWLINE = 0x0a;
/** One line has one answer; a provider's answer has at most as many bytes. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * The lines of a result file, parsed one at a time while it arrives, in turns of the event loop. Memory does not depend on the
 * number of lines. Null for a line that is not a JSON object. Throws for a line that is too long.
 */
export async function* resultLines(body: AsyncIterable<Buffer>, lane: Lane): AsyncGenerator<StoredObject | null> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, at)) {
      const line = Buffer.concat([...pieces, chunk.subarray(at, end)]);
      [pieces, bytes, at] = [[], 0, end + 1];
      if (!isBlank(line)) yield await inTurns(parsingAnswer(line), lane);
    }
    if (at < chunk.length) pieces.push(chunk.subarray(at));
    bytes += chunk.length - at;
    if (bytes > LINE_BYTES_MAX) throw new Error("a line of the results is too long");
  }
  const last = Buffer.concat(pieces);
  if (!isBlank(last)) yield await inTurns(parsingAnswer(last), lane);
}

const isBlank = (line: Buffer): boolean => line.length < 16 && line.toString("latin1").trim() === "";
