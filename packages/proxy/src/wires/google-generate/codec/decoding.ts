import type { Bridge } from "../../codec.ts";

/** What the decoders of one request share. */
export interface Decoding {
  readonly bridge: Bridge;
  /** Used in error messages. */
  readonly providerName: string;
  readonly upstreamModel: string;
  /** Fields that are left out because they do not change what is asked for. */
  readonly ignored: Set<string>;
}
