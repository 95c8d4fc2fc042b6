import { stat } from "node:fs/promises";
import { listSegments } from "./segment.ts";

interface Mark {
  position: number;
  atMs: number;
}

const MARK_EVERY_MS = 1_000;

/** When each segment was last written: the only known age of bytes that earlier processes wrote. */
export async function segmentAges(dir: string): Promise<Mark[]> {
  const segments = await listSegments(dir);
  return Promise.all(segments.map(async ({ base, file }) => ({ position: base, atMs: (await stat(file)).mtimeMs })));
}

/** Records when bytes were written, with a precision of one second. */
export class WrittenAges {
  readonly #marks: Mark[];

  constructor(marks: Mark[]) {
    this.#marks = marks;
  }

  written(position: number, atMs: number): void {
    const last = this.#marks.at(-1);
    if (!last || atMs - last.atMs >= MARK_EVERY_MS) this.#marks.push({ position, atMs });
  }

  /**
   * When the bytes at `position` were written, in epoch ms; null when unknown. Older marks are dropped, so a later
   * call with a smaller position returns a time that is too late.
   */
  oldestAtMs(position: number): number | null {
    const next = this.#marks.findIndex((mark) => mark.position > position);
    const passed = (next === -1 ? this.#marks.length : next) - 1;
    if (passed > 0) this.#marks.splice(0, passed);
    return this.#marks[0]?.atMs ?? null;
  }
}
