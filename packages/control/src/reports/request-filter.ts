import { isUuid, uuidFloor } from "@tollgate/contracts/ids";
import { parseUsd } from "@tollgate/contracts/money";
import type { Prisma } from "@tollgate/db/query";
import type { z } from "zod";
import { literally } from "../literally.ts";
import type { ListRequests } from "./schemas.ts";

type Asked = Omit<z.output<typeof ListRequests>, "limit">;

const STATUS = {
  "2xx": { gte: 200, lt: 300 },
  "4xx": { gte: 400, lt: 499 },
  "499": 499,
  "5xx": { gte: 500 },
  error: { gte: 400 },
} as const;

function textFilter(text: string): Prisma.UsageRatedWhereInput {
  const id = text.toLowerCase();
  if (isUuid(id)) return { OR: [{ id }, { clientRequestId: text }] };
  const contains = { contains: literally(text), mode: "insensitive" } as const;
  return {
    OR: [
      { model: contains },
      { error: contains },
      { errorMessage: contains },
      { clientRequestId: contains },
      { customer: contains },
    ],
  };
}

function tagFilter(tag: string): Prisma.UsageRatedWhereInput {
  const at = tag.indexOf("=");
  if (at < 0) return { tags: { path: [tag], not: "" } };
  return { tags: { path: [tag.slice(0, at)], equals: tag.slice(at + 1) } };
}

/** The time bounds are put on the id, which contains the time: so Postgres skips whole partitions. */
export function requestFilter(asked: Asked): Prisma.UsageRatedWhereInput {
  const { cursor, from, to, status, tag, costAtLeastUsd, msAtLeast, text, ...exact } = asked;
  const ids: Prisma.UsageRatedWhereInput[] = [];
  if (cursor) ids.push({ id: { lt: cursor } });
  if (from) ids.push({ id: { gte: uuidFloor(Date.parse(from)) } });
  if (to) ids.push({ id: { lt: uuidFloor(Date.parse(to)) } });
  if (tag) ids.push(tagFilter(tag));
  if (text) ids.push(textFilter(text));
  return {
    ...exact,
    ...(status && { status: STATUS[status] }),
    ...(costAtLeastUsd && { costNano: { gte: (parseUsd(costAtLeastUsd) ?? 0n).toString() } }),
    ...(msAtLeast && { totalMs: { gte: msAtLeast } }),
    AND: ids,
  };
}
