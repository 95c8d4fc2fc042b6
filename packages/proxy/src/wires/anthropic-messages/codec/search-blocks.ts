import { randomUUID } from "node:crypto";
import { UNSIGNED_THOUGHT } from "../../carried-metadata.ts";
import type { Searched } from "../../searched.ts";
import { FOREIGN_SEARCH } from "../without-carried.ts";

/**
 * A search that another provider ran, as Anthropic shows its own. Clients send the blocks back; `withoutCarried` takes them
 * out for Anthropic, which requires the pages as it has encrypted them.
 */
export function searchBlocks({ queries, pages, error }: Searched): object[] {
  const id = FOREIGN_SEARCH + randomUUID().replaceAll("-", "");
  const results = pages.map(({ url, title }) => ({
    ...{ type: "web_search_result", url, title, page_age: null },
    encrypted_content: UNSIGNED_THOUGHT,
  }));
  return [
    { type: "server_tool_use", id, name: "web_search", input: { query: queries.join("; ") } },
    {
      type: "web_search_tool_result",
      tool_use_id: id,
      content: error === null ? results : { type: "web_search_tool_result_error", error_code: error },
    },
  ];
}
