/** Lifetime of a session. The browser's cookie ends with its row. */
export const SESSION_SECONDS = 14 * 86_400;
