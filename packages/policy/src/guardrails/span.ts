export interface Span {
  start: number;
  /** Exclusive. */
  end: number;
}
