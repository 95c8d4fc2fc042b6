import { isString } from "../../fields.ts";

interface OpenCall {
  id: string;
  isAnswered: boolean;
}

/** Calls in the order in which they were made. */
class Queue {
  readonly #calls: OpenCall[] = [];
  #next = 0;

  add(call: OpenCall): void {
    this.#calls.push(call);
  }

  /** The first call without a result. */
  first(): OpenCall | undefined {
    while (this.#calls[this.#next]?.isAnswered) this.#next += 1;
    return this.#calls[this.#next];
  }
}

/**
 * The calls of a conversation that have no result yet. Google's ids are optional, so a result may name only the function.
 * Calls are not searched: a conversation may have tens of thousands.
 */
export class OpenCalls {
  readonly #byId = new Map<unknown, Queue>();
  readonly #byName = new Map<string, Queue>();
  #count = 0;

  /** Notes a call. Returns its id, or a new one. */
  called(id: unknown, name: string): string {
    this.#count += 1;
    const known = isString(id) && id !== "" ? id : `call_${this.#count}`;
    const call = { id: known, isAnswered: false };
    queueIn(this.#byId, known).add(call);
    queueIn(this.#byName, name).add(call);
    return known;
  }

  /** The id of the call that a result belongs to. Null: there is none. */
  answered(id: unknown, name: string): string | null {
    const call = this.#byId.get(id)?.first() ?? this.#byName.get(name)?.first();
    if (!call) return null;
    call.isAnswered = true;
    return call.id;
  }
}

function queueIn<Key>(queues: Map<Key, Queue>, key: Key): Queue {
  const queue = queues.get(key) ?? new Queue();
  queues.set(key, queue);
  return queue;
}
