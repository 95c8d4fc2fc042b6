import { isUuid } from "@tollgate/contracts/ids";
import { parseUsd } from "@tollgate/contracts/money";
import type { z } from "zod";
import { literally } from "../literally.ts";
import type { ListRequests } from "./schemas.ts";

type Asked = Omit<z.output<typeof ListRequests>, "limit" | "cursor" | "from" | "to">;

/** The filter that the database function `find_requests` takes. An absent field matches every request. */
export interface RequestFilter
  extends Pick<
    Asked,
    "keyId" | "teamId" | "memberId" | "model" | "provider" | "customer" | "session" | "endUser" | "costCentre" | "cache"
  > {
  statusFrom?: number;
  /** Exclusive. */
  statusTo?: number;
  tag?: Record<string, string>;
  /** A tag with any value. */
  tagName?: string;
  /** Decimal text. */
  costNano?: string;
  ms?: number;
  /** A pattern of `like`. */
  text?: string;
  /** The id of a request, or the request id that its client sent. */
  id?: string;
}

const STATUS = {
  "2xx": { statusFrom: 200, statusTo: 300 },
  "4xx": { statusFrom: 400, statusTo: 499 },
  "499": { statusFrom: 499, statusTo: 500 },
  "5xx": { statusFrom: 500 },
  error: { statusFrom: 400 },
} as const;

function textFilter(text: string): RequestFilter {
  const id = text.toLowerCase();
  return isUuid(id) ? { id } : { text: `%${literally(text)}%` };
}

function tagFilter(tag: string): RequestFilter {
  const at = tag.indexOf("=");
  return at < 0 ? { tagName: tag } : { tag: { [tag.slice(0, at)]: tag.slice(at + 1) } };
}

export const requestFilter = ({ status, tag, costAtLeastUsd, msAtLeast, text, ...exact }: Asked): RequestFilter => ({
  ...exact,
  ...(status && STATUS[status]),
  ...(tag && tagFilter(tag)),
  ...(costAtLeastUsd && { costNano: (parseUsd(costAtLeastUsd) ?? 0n).toString() }),
  ...(msAtLeast && { ms: msAtLeast }),
  ...(text && textFilter(text)),
});
