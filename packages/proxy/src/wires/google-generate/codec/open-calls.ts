import { isString } from "../../fields.ts";

/** The calls of a conversation that have no result yet. Google's ids are optional, so a result may name only the function. */
export class OpenCalls {
  readonly #open: { id: string; name: string }[] = [];
  #count = 0;

  /** Notes a call. Returns its id, or a new one. */
  called(id: unknown, name: string): string {
    this.#count += 1;
    const known = isString(id) && id !== "" ? id : `call_${this.#count}`;
    this.#open.push({ id: known, name });
    return known;
  }

  /** The id of the call that a result belongs to. Null: there is none. */
  answered(id: unknown, name: string): string | null {
    const byId = this.#open.findIndex((call) => call.id === id);
    const at = byId === -1 ? this.#open.findIndex((call) => call.name === name) : byId;
    const [call] = at === -1 ? [] : this.#open.splice(at, 1);
    return call?.id ?? null;
  }
}
