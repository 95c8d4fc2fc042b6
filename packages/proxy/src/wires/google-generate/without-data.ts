/** Bytes. Parsing a larger event would hold the event loop: it has a file, whose bytes are not needed to read it. */
const LARGE_EVENT_BYTES = 256 * 1024;
const NAME = '"data"';

/** An event without the base64 of its files, if it is large. `latin1`: one character stands for one byte. */
export function withoutData(latin1: string): string {
  if (latin1.length <= LARGE_EVENT_BYTES) return latin1;
  let kept = "";
  let from = 0;
  for (let at = latin1.indexOf(NAME); at !== -1; at = latin1.indexOf(NAME, Math.max(from, at + 1))) {
    const [before] = /^\s*:\s*"/.exec(latin1.slice(at + NAME.length, at + NAME.length + 16)) ?? [];
    if (before === undefined) continue;
    const start = at + NAME.length + before.length;
    const end = latin1.indexOf('"', start);
    // Base64 has no escapes. Another text stays.
    if (end === -1 || latin1[end - 1] === "\\") continue;
    kept += latin1.slice(from, start);
    from = end;
  }
  return kept + latin1.slice(from);
}
