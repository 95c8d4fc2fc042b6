import type { Bridge, Shaped } from "../../wires/codec.ts";
import type { AskedService } from "../../wires/wire.ts";

/** The call with the service tier that the client asks for, if the bridge can send it. */
export function withTier(shaped: Shaped, { tiers }: Bridge, service: AskedService | undefined): Shaped {
  const asked = tiers?.get(service?.tier ?? "");
  if (!asked || !service) return shaped;
  const providerOptions = { ...shaped.options.providerOptions };
  for (const [name, own] of Object.entries(asked)) providerOptions[name] = { ...providerOptions[name], ...own };
  const ignored = shaped.ignored.filter((name) => name !== service.tierField);
  return { options: { ...shaped.options, providerOptions }, ignored };
}
