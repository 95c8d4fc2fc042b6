/** Misses in a row after which a stream is taken to be one whose chunks differ elsewhere too. */
const MISSES_MAX = 16;

interface Pattern {
  prefix: string;
  suffix: string;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Nothing in it ends a JSON string, changes what its characters mean, or makes it invalid. */
function isPlain(event: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = event.charCodeAt(at);
    if (code < 0x20 || code === QUOTE || code === BACKSLASH) return false;
  }
  return true;
}

/**
 * Most chunks of a stream differ in their text alone. Having learned one, it reads the length of the next one's text
 * without parsing it: all before and after the text is the same, and the text is a plain JSON string, so the JSON is the
 * same but for that string. Parsing each chunk takes many times as long.
 */
export class RepeatedChunk {
  #pattern: Pattern | null = null;
  #misses = 0;

  /** Length of the event's text; null: it must be parsed. */
  textLength(event: string): number | null {
    const pattern = this.#pattern;
    if (!pattern) return null;
    const { prefix, suffix } = pattern;
    const end = event.length - suffix.length;
    // The suffix begins with the text's closing quote. Slices are compared at once, `startsWith` goes by character.
    if (
      end >= prefix.length &&
      event.slice(0, prefix.length) === prefix &&
      event.slice(end) === suffix &&
      isPlain(event, prefix.length, end)
    ) {
      this.#misses = 0;
      return end - prefix.length;
    }
    this.#misses += 1;
    if (this.#misses >= MISSES_MAX) this.#pattern = null;
    return null;
  }

  /** `text` is the one string that counts in an event, which says nothing else of the answer. */
  learn(event: string, text: string): void {
    if (this.#misses >= MISSES_MAX || event.includes("\\")) return;
    const quoted = `"${text}"`;
    const at = event.indexOf(quoted);
    // Without escapes it stands there as it is; twice, and it would not be known which is meant.
    if (at === -1 || event.indexOf(quoted, at + 1) !== -1) return;
    this.#pattern = { prefix: event.slice(0, at + 1), suffix: event.slice(at + 1 + text.length) };
  }
}
