/** Writes the events of a stream in another form. */
export interface StreamFraming {
  readonly contentType: string;
  /** For one stream. */
  open(): {
    /** The text for whole events; empty if they have no data. */
    events(bytes: Buffer): string;
    end(): string;
  };
  /** The last bytes of a stream that failed after its first event. `body` is the error as JSON. */
  error(body: string): string;
}
