import type { SharedV4ProviderOptions } from "@ai-sdk/provider";
import type { Bridge } from "../../codec.ts";
import type { Fields } from "../../fields.ts";

/** What the decoders of one request share. */
export class Decoding {
  readonly bridge: Bridge;
  /** Used in error messages. */
  readonly providerName: string;
  readonly upstreamModel: string;
  /** Fields that are left out because they do not change what is asked for. */
  readonly ignored = new Set<string>();

  constructor(bridge: Bridge, providerName: string, upstreamModel: string) {
    this.bridge = bridge;
    this.providerName = providerName;
    this.upstreamModel = upstreamModel;
  }

  /** The provider's own fields of a block or a tool. A mark for another provider's cache has no meaning. */
  extensions(fields: Fields): SharedV4ProviderOptions | undefined {
    const options = this.bridge.extensions(fields);
    if (options === undefined && fields.cache_control) this.ignored.add("cache_control");
    return options;
  }
}
