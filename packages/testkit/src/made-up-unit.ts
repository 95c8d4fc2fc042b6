/**
 * A unit that no provider has: an example of a row in `catalog/units`, of its price, and of what a call that used it
 * reports and costs. Tests follow it from a usage block to the ledger and its reports.
 */
export const MADE_UP = {
  /** The row of `catalog/units`. */
  unit: { id: "pages", label: "Pages", per: 1_000, library: null },
  /** An organisation's own price in dollars per thousand. */
  price: { pages: "2.5" },
  /** In the format of a provider. */
  block: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, pages_read: 12 },
  /** In the format of an event. */
  use: { input: 100, output: 20, pages: 12 },
  /** nano-USD: 100 × $1 + 20 × $2 a million, and 12 × $2.50 a thousand. */
  costNano: 30_140_000n,
} as const;
