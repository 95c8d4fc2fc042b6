/**
 * A caller's body as received: a JSON object or a form. Top-level fields can be changed without writing the others again.
 * Immutable. Changes are a field's name → its value as JSON text.
 */
export interface RawBody {
  readonly byteLength: number;
  readonly contentType: string;
  /**
   * The bytes with `changes`: an existing field is replaced, a new one is put first. `names` (old → new) renames existing
   * fields; null leaves the field out.
   */
  with(changes: Readonly<Record<string, string>>, names?: Readonly<Record<string, string | null>>): Buffer;
  /** The same in pieces, without a copy, for bodies too large to copy. */
  pieces(changes: Readonly<Record<string, string>>, names?: Readonly<Record<string, string | null>>): Buffer[];
  /** The same body with other values for existing fields. */
  edited(changes: Readonly<Record<string, string | Buffer>>): RawBody;
}
