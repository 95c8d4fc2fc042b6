const NAMES_MAX = 50;
const NAME_CHARS_MAX = 100;

/**
 * The response header that names ignored request fields. Clients choose some of the names, so other characters than
 * printable ASCII are replaced.
 */
export const ignoredHeader = (names: readonly string[]): Record<string, string> => {
  if (names.length === 0) return {};
  const shown = names.slice(0, NAMES_MAX).map((name) => name.slice(0, NAME_CHARS_MAX).replace(/[^\x20-\x7e]/g, "?"));
  return { "x-tollgate-ignored": shown.join(", ") };
};
