/** After this many misses in a row the events differ in more than their text, so the pattern is dropped. */
const MISSES_MAX = 16;

interface Pattern {
  prefix: string;
  suffix: string;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether the range is the inside of a JSON string without quotes, escapes or control characters. */
function isPlain(event: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = event.charCodeAt(at);
    if (code < 0x20 || code === QUOTE || code === BACKSLASH) return false;
  }
  return true;
}

/**
 * Reads the text length of an event without parsing its JSON, which is many times faster. Most events of a stream differ
 * only in their text. `learn` stores the bytes before and after the text of one event. If the next event has the same
 * bytes there and plain characters between, its JSON differs only in that one string.
 */
export class RepeatedEvent {
  #pattern: Pattern | null = null;
  #misses = 0;

  /** Length of the event's text in bytes; null: the event must be parsed. `event` is Latin-1. */
  textLength(event: string): number | null {
    const pattern = this.#pattern;
    if (!pattern) return null;
    const { prefix, suffix } = pattern;
    const end = event.length - suffix.length;
    // The suffix begins with the text's closing quote. Comparing slices is faster than `startsWith`.
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

  /** Stores the pattern of an event whose only content is `text`. */
  learn(event: string, text: string): void {
    if (this.#misses >= MISSES_MAX || event.includes("\\")) return;
    const quoted = `"${text}"`;
    const at = event.indexOf(quoted);
    // If the text occurs twice, its position is not known.
    if (at === -1 || event.indexOf(quoted, at + 1) !== -1) return;
    this.#pattern = { prefix: event.slice(0, at + 1), suffix: event.slice(at + 1 + text.length) };
  }
}
