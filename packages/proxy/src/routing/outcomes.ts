/** Outcomes kept for one target. At a high rate they span less than a second, at a low rate `AGE_MS_MAX`. */
const KEPT = 50;
const AGE_MS_MAX = 60_000;

/** The last outcomes of one target: a ring, so that noting one allocates nothing. */
export class Outcomes {
  readonly #atMs = new Float64Array(KEPT).fill(Number.NEGATIVE_INFINITY);
  readonly #failed = new Uint8Array(KEPT);
  readonly #keyIds: string[] = Array.from({ length: KEPT }, () => "");
  #next = 0;

  add(keyId: string, isFailure: boolean, atMs: number): void {
    const at = this.#next;
    this.#atMs[at] = atMs;
    this.#failed[at] = isFailure ? 1 : 0;
    this.#keyIds[at] = keyId;
    this.#next = (at + 1) % KEPT;
  }

  clear(): void {
    this.#atMs.fill(Number.NEGATIVE_INFINITY);
  }

  /** Whether the last outcome is too old to count. */
  areOld(atMs: number): boolean {
    return (this.#atMs[(this.#next + KEPT - 1) % KEPT] ?? 0) < atMs - AGE_MS_MAX;
  }

  /** Whether so many outcomes, and this share of them, are failures, and not all of one key while others are served. */
  areFailing(failuresMin: number, share: number, atMs: number): boolean {
    let [failures, total] = [0, 0];
    let failing: string | undefined;
    let isOneKey = true;
    for (let at = 0; at < KEPT; at++) {
      if (!this.#isYoung(at, atMs)) continue;
      total += 1;
      if (this.#failed[at] === 0) continue;
      failures += 1;
      failing ??= this.#keyIds[at];
      isOneKey &&= failing === this.#keyIds[at];
    }
    if (failures < failuresMin || failures < share * total) return false;
    return !isOneKey || !this.#isOtherServed(failing, atMs);
  }

  #isOtherServed(keyId: string | undefined, atMs: number): boolean {
    return this.#keyIds.some((each, at) => each !== keyId && this.#failed[at] === 0 && this.#isYoung(at, atMs));
  }

  #isYoung(at: number, atMs: number): boolean {
    return (this.#atMs[at] ?? 0) >= atMs - AGE_MS_MAX;
  }
}
