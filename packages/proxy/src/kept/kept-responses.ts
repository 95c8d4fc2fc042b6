import { TollgateError } from "@tollgate/contracts/errors";
import type { BoxOwner, ResponseBoxes } from "@tollgate/vault/response-box";
import { parsingAnswer } from "../body/read-json.ts";
import { atOnce, inTurns, type Lane, type Steps } from "../body/steps.ts";
import type { KeptStore } from "./kept-store.ts";

export interface KeptResponsesOptions {
  store: KeptStore;
  boxes: ResponseBoxes;
  onError: (error: unknown) => void;
  /** Waits a moment. Set if other processes write to the store too: they may be storing what is missing. */
  pause?: () => Promise<unknown>;
}

/** Ids that are looked up together: making their names takes about a millisecond. */
const TOGETHER = 200;

/** Bytes of the names and the text around an object, and of its encryption, at most. */
const AROUND_BYTES = 1_024;

interface Named {
  id: string;
  name: string;
  writing: Buffer | Steps<Buffer>;
}

export type KeptObject = Readonly<Record<string, unknown>>;

/** JSON objects about responses of providers that store none, encrypted and for a limited time. Each belongs to one key. */
export class KeptResponses {
  readonly #given: KeptResponsesOptions;
  /** By the names of the boxes that are being written. */
  readonly #writing = new Map<string, Promise<void>>();

  constructor(given: KeptResponsesOptions) {
    this.#given = given;
  }

  /** Whether an object with this many bytes, and some more around it, can be kept. */
  fits(bytes: number): boolean {
    return bytes + AROUND_BYTES <= this.#given.store.boxBytesMax;
  }

  /**
   * Stores objects, by id, all or none, without waiting for the store. `lane`: of large objects; null: they are written at
   * once. None is kept if one is too large. A failure is only reported.
   */
  keep(owner: BoxOwner, writings: Readonly<Record<string, Buffer | Steps<Buffer>>>, lane: Lane | null): void {
    const { boxes } = this.#given;
    const named = Object.entries(writings).map(([id, writing]) => ({ id, writing, name: boxes.name(owner, id) }));
    const stored = this.#store(owner, named, lane)
      .catch(this.#given.onError)
      .finally(() => {
        for (const { name } of named) this.#writing.delete(name);
      });
    for (const { name } of named) this.#writing.set(name, stored);
  }

  async #store({ orgId, keyId }: BoxOwner, named: readonly Named[], lane: Lane | null): Promise<void> {
    const { store } = this.#given;
    const boxes: { name: string; box: Buffer }[] = [];
    for (const { id, writing, name } of named) {
      const sealing = this.#sealing({ orgId, keyId }, id, writing);
      const box = lane ? await inTurns(sealing, lane) : atOnce(sealing);
      if (box.length > store.boxBytesMax) return;
      boxes.push({ name, box });
    }
    try {
      for (const { name, box } of boxes) await store.set({ orgId, name }, box);
    } catch (error) {
      await Promise.allSettled(boxes.map(async ({ name }) => store.delete({ orgId, name })));
      throw error;
    }
  }

  *#sealing(owner: BoxOwner, id: string, writing: Buffer | Steps<Buffer>): Steps<Buffer> {
    const plain = Buffer.isBuffer(writing) ? writing : yield* writing;
    return yield* this.#given.boxes.sealing(owner, id, plain);
  }

  /**
   * The objects that are kept, by id. `take` reserves memory for so many bytes. Throws 413 beyond `bytesMax` together,
   * 503 when the store does not answer.
   */
  async read(owner: BoxOwner, ids: readonly string[], lane: Lane, room: Room): Promise<Map<string, KeptObject>> {
    const found = await this.#read(owner, ids, lane, room);
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length === 0 || !this.#given.pause) return found;
    await this.#given.pause();
    return new Map([...found, ...(await this.#read(owner, missing, lane, room))]);
  }

  async #read(owner: BoxOwner, ids: readonly string[], lane: Lane, room: Room) {
    const found = new Map<string, KeptObject>();
    let bytes = 0;
    const take = (more: number): void => {
      bytes += more;
      room.take(more);
    };
    for (let from = 0; from < ids.length; from += TOGETHER) {
      if (from > 0) await lane.turn();
      const some = ids.slice(from, from + TOGETHER);
      await this.#readSome(owner, some, lane, { bytesMax: room.bytesMax - bytes, take }, found);
    }
    return found;
  }

  async #readSome(
    owner: BoxOwner,
    ids: readonly string[],
    lane: Lane,
    { bytesMax, take }: Room,
    found: Map<string, KeptObject>,
  ): Promise<void> {
    const { boxes, store } = this.#given;
    const names = ids.map((id) => boxes.name(owner, id));
    await Promise.all(names.map((name) => this.#writing.get(name)));
    const stored = await this.#answered(async () => store.get(owner.orgId, names, bytesMax));
    if (!stored)
      throw new TollgateError("request_too_large", "The stored items have more bytes than a request may have.");
    for (const box of stored) take(box?.length ?? 0);
    await inTurns(this.#opening(owner, ids, stored, found), lane);
  }

  /** Opens boxes one after another. A turn has time for many small ones. */
  *#opening(
    owner: BoxOwner,
    ids: readonly string[],
    stored: readonly (Buffer | undefined)[],
    found: Map<string, KeptObject>,
  ): Steps<void> {
    for (const [index, id] of ids.entries()) {
      const box = stored[index];
      if (!box) continue;
      const plain = yield* this.#given.boxes.opening(owner, id, box);
      const object = plain && (yield* parsingAnswer(plain));
      if (object) found.set(id, object);
      yield;
    }
  }

  /** False: nothing is kept with this id. */
  async delete(owner: BoxOwner, id: string): Promise<boolean> {
    const { boxes, store } = this.#given;
    const name = boxes.name(owner, id);
    await this.#writing.get(name);
    return this.#answered(async () => store.delete({ orgId: owner.orgId, name }));
  }

  async #answered<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await ask();
    } catch (error) {
      this.#given.onError(error);
      throw new TollgateError("overloaded", "Stored responses cannot be read at the moment; try again.");
    }
  }

  close(): Promise<void> {
    return this.#given.store.close();
  }
}

export interface Room {
  bytesMax: number;
  take(bytes: number): void;
}
