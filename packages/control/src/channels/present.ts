import type { Prisma } from "@tollgate/db/query";
import { kindOfStored } from "../alerts/stored-facts.ts";
import { Channel } from "./schemas.ts";

/** Contains neither secrets nor sealed boxes. */
export const presentChannel = (row: Prisma.ChannelGetPayload<object>): Channel =>
  Channel.parse({
    ...row,
    events: row.events.map(kindOfStored),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });
