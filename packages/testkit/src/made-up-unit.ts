/**
 * A unit that no provider has: what a row of `catalog/units` and its price look like, and what a call that used it reports
 * and costs. Tests follow it from a usage block to the ledger and its reports.
 */
export const MADE_UP = {
  /** The row. */
  unit: { id: "pages", label: "Pages", per: 1_000, library: null },
  /** Its price: an organisation's own, dollars per thousand. */
  price: { pages: "2.5" },
  /** As a provider reports it. */
  block: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, pages_read: 12 },
  /** As an event carries it. */
  use: { input: 100, output: 20, pages: 12 },
  /** nano-USD: 100 × $1 + 20 × $2 a million, and 12 × $2.50 a thousand. */
  costNano: 30_140_000n,
} as const;
