import type { Steps } from "../body/steps.ts";

/** What a request refers to of responses that the gateway keeps. */
export interface Restores {
  /** The response that the call continues; null: none. */
  previous: string | null;
  /** Responses whose items the request refers to. */
  responses: readonly string[];
}

type KeptObject = Readonly<Record<string, unknown>>;

/** Restored items, and what must be known to keep the next response. */
export interface Restored {
  /** The response that the call continues, as the client named it; null: none. */
  previous: string | null;
  /** The responses before this one, oldest first. Their items are at the start of the body. */
  before: readonly string[];
  /** How many items of the body are theirs. */
  items: number;
  /** Bytes of the request as the client sent it, without restored items. */
  sentBytes: number;
}

/** How a format names responses that the gateway keeps, and how their items come back into a request. */
export interface KeptFormat {
  /** The id of a new response. `requestId` is a UUID. */
  idOf(requestId: string): string;
  isKept(id: string): boolean;
  /** The client lets the response be stored. */
  isStored(body: object): boolean;
  /** The ids of the two objects that are kept of a response: itself, and the items that the client sent. */
  objects(id: string): readonly [response: string, input: string];
  /** The ids of all responses before a kept one, oldest first. */
  before(kept: KeptObject): readonly string[];
  /** The objects of a response, as JSON. */
  responseObject(response: Buffer, restored: Restored | null): Buffer;
  writingInput(body: object, restored: Restored | null): Steps<Buffer>;
  /** The fields of the body that change when the items of `found` are put in. Null: a field is left out. Throws 404. */
  restore(
    body: object,
    before: readonly string[],
    found: ReadonlyMap<string, KeptObject>,
  ): { fields: Readonly<Record<string, unknown>>; items: number };
  /** A kept response as the client gets it. */
  read(kept: KeptObject): object;
  /** A page of the items that the client sent. Throws 400. */
  items(id: string, kept: KeptObject, query: string): object;
}
