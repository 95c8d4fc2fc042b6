/** A file in a form. Its bytes are not enumerable, so walks over the texts of a request do not see them. */
export class FormFile {
  readonly size: number;
  readonly #content: Buffer;

  constructor(content: Buffer) {
    this.size = content.length;
    this.#content = content;
  }

  get content(): Buffer {
    return this.#content;
  }
}
