import type { Use } from "@tollgate/contracts/usage-event";

/** Usage in Anthropic's format: tokens read from a cache or written to it are not part of the input. */
export function encodeUsage(use: Use) {
  const read = use.cacheRead ?? 0;
  const short = use.cacheWrite5m ?? 0;
  const long = use.cacheWrite1h ?? 0;
  return {
    input_tokens: Math.max(0, use.input - read - short - long),
    cache_creation_input_tokens: short + long,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
    output_tokens: use.output,
    ...(use.reasoning && { output_tokens_details: { thinking_tokens: use.reasoning } }),
    ...(use.searches && { server_tool_use: { web_search_requests: use.searches } }),
  };
}
