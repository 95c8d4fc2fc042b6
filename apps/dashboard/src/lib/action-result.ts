/** What a form gets back when the server refused: a sentence, and one per field where the field is at fault. */
export interface Failure {
  ok: false;
  message: string;
  fields: Record<string, string>;
}

export type ActionResult<T> = { ok: true; data: T } | Failure;
