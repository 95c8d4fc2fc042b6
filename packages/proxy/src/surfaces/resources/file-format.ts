import type { Stores } from "@tollgate/catalog/providers";
import type { Exchange } from "../../exchange.ts";
import type { StoredObject } from "../../wires/stored-objects.ts";
import { anthropicHeaders } from "./batches/anthropic-headers.ts";

/** What differs between the files of OpenAI and of Anthropic. Both are at the same path. */
export interface FileFormat {
  stores: keyof Stores;
  /** Headers of each request to the provider. */
  headers(exchange: Pick<Exchange, "headers">): string[];
  /** A file has a purpose, and is listed by it. */
  hasPurpose: boolean;
  /** The parameter of a list that names the last file of the page before. */
  after: string;
  /** A newer name of it. */
  page?: string;
  /** Parameters of a list that the gateway does not have. */
  refused: readonly string[];
  /** Most files of one page. */
  limitMax: number;
  /** Default: `limitMax`. */
  limit?: number;
  list(data: readonly StoredObject[], hasMore: boolean): object;
}

const ends = (data: readonly StoredObject[]) => ({ first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null });

const OPENAI: FileFormat = {
  stores: "files",
  headers: () => [],
  hasPurpose: true,
  after: "after",
  refused: [],
  limitMax: 10_000,
  list: (data, hasMore) => ({ object: "list", data, ...ends(data), has_more: hasMore }),
};

const BETA = "files-api-2025-04-14";

const ANTHROPIC: FileFormat = {
  stores: "messageFiles",
  headers(exchange) {
    const headers = anthropicHeaders(exchange);
    return headers.includes("anthropic-beta") ? headers : [...headers, "anthropic-beta", BETA];
  },
  hasPurpose: false,
  after: "after_id",
  page: "page",
  refused: ["before_id", "ids"],
  limitMax: 1_000,
  limit: 20,
  list: (data, hasMore) => ({
    data,
    ...ends(data),
    has_more: hasMore,
    next_page: hasMore ? (data.at(-1)?.id ?? null) : null,
  }),
};

/** Clients of Anthropic are known by their path, or by a header that all of them send. */
export const fileFormat = ({ path, headers }: Pick<Exchange, "path" | "headers">): FileFormat =>
  path.startsWith("/anthropic/") || "anthropic-version" in headers ? ANTHROPIC : OPENAI;
