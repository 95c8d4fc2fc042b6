interface Waiting<Ask, Answer> {
  ask: Ask;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/** Answers questions in batches, one batch at a time. Questions that wait meanwhile form the next batch, at most `most`. */
export class Collected<Ask, Answer> {
  readonly #answer: (asks: Ask[]) => Promise<Answer[]>;
  readonly #most: number;
  readonly #waiting: Waiting<Ask, Answer>[] = [];
  #isBusy = false;

  /** `answer` returns one answer per question, in the same order. */
  constructor(answer: (asks: Ask[]) => Promise<Answer[]>, most: number) {
    this.#answer = answer;
    this.#most = most;
  }

  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ask, resolve, reject });
      if (!this.#isBusy) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#most);
      try {
        const answers = await this.#answer(batch.map(({ ask }) => ask));
        for (const [at, { resolve }] of batch.entries()) resolve(answers[at] as Answer);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isBusy = false;
  }
}
