import type { Prisma } from "@tollgate/db/query";
import { type Alert, Delivery } from "./schemas.ts";
import { StoredFacts } from "./stored-facts.ts";
import { wordsOf } from "./words.ts";

export const withDeliveries = {
  deliveries: { include: { channel: { select: { name: true, kind: true } } }, orderBy: { channel: { name: "asc" } } },
} satisfies Prisma.AlertInclude;

type Row = Prisma.AlertGetPayload<{ include: typeof withDeliveries }>;

export function presentAlert({ id, raisedAt, facts, deliveries }: Row): Alert {
  const known = StoredFacts.parse(facts);
  return {
    id,
    raisedAt: raisedAt.toISOString(),
    ...wordsOf(known),
    facts: known,
    deliveries: deliveries.map(({ channel, ...delivery }) =>
      Delivery.parse({
        ...delivery,
        channelName: channel.name,
        channelKind: channel.kind,
        attemptedAt: delivery.attemptedAt?.toISOString() ?? null,
      }),
    ),
  };
}
