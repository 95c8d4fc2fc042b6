/** An error that a provider sent with status 200. */
export interface AnswerError {
  status: number;
  /** The error as JSON. */
  body: string;
}
