import type { Prisma } from "@tollgate/db/query";
import { Channel } from "./schemas.ts";

/** Contains neither secrets nor sealed boxes. */
export const presentChannel = (row: Prisma.ChannelGetPayload<object>): Channel =>
  Channel.parse({ ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() });
