/** The error of a server action: a message, and a message for each invalid field. */
export interface Failure {
  ok: false;
  message: string;
  fields: Record<string, string>;
}

export type ActionResult<T> = { ok: true; data: T } | Failure;
