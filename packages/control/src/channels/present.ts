import type { Prisma } from "@tollgate/db/query";
import { Channel } from "./schemas.ts";

/** Neither a secret nor its sealed form leaves. */
export const presentChannel = (row: Prisma.ChannelGetPayload<object>): Channel =>
  Channel.parse({ ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() });
