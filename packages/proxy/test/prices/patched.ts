import type { Behaviour } from "@tollgate/testkit/provider-behaviour";

type Json = Record<string, unknown>;

/** Changes each JSON object that an answer consists of: the whole body, or each event of a stream. */
export const patched =
  (inner: Behaviour, patch: (json: Json) => Json): Behaviour =>
  (asked) => {
    const whole = inner(asked);
    const change = (text: string): string => JSON.stringify(patch(JSON.parse(text) as Json));
    const edit = (text: string): string =>
      asked.stream ? text.replace(/^data: (\{.*\})\r?$/gm, (_, json: string) => `data: ${change(json)}`) : change(text);
    const moves = whole.moves.map((move) =>
      typeof move === "object" && "bytes" in move ? { ...move, bytes: Buffer.from(edit(move.bytes.toString())) } : move,
    );
    return { ...whole, moves };
  };

const within = (value: unknown, fields: object): object => ({ ...(value as object), ...fields });

/** Where each API says how a call was served. */
export const TIERS: Readonly<Record<string, (json: Json, tier: string) => Json>> = {
  chat: (json, tier) => ({ ...json, service_tier: tier }),
  responses: (json, tier) =>
    json.response
      ? { ...json, response: within(json.response, { service_tier: tier }) }
      : { ...json, service_tier: tier },
  messages(json, tier) {
    if (json.usage) return { ...json, usage: within(json.usage, { service_tier: tier }) };
    const message = json.message as Json | undefined;
    return message ? { ...json, message: { ...message, usage: within(message.usage, { service_tier: tier }) } } : json;
  },
  google: (json, tier) =>
    json.usageMetadata ? { ...json, usageMetadata: within(json.usageMetadata, { serviceTier: tier }) } : json,
};
