import { hash } from "node:crypto";
import { isString, type StoredObject } from "../../wires/stored-objects.ts";

/** More than the requests of any batch. */
const ANSWERS_MAX = 100_000;

/** Knows which requests of a batch have an answer, because a provider may list one twice. Keeps no id, only its digest. */
export class AnsweredOnce {
  readonly #digests = new Set<string>();

  /** False for a further answer to a request. A line without an id counts as an own answer. Throws for too many answers. */
  isFirst({ custom_id: id }: StoredObject): boolean {
    if (!isString(id)) return true;
    const digest = hash("sha256", id, "base64");
    if (this.#digests.has(digest)) return false;
    if (this.#digests.size === ANSWERS_MAX) throw new Error("the results have more answers than a batch has requests");
    this.#digests.add(digest);
    return true;
  }
}
