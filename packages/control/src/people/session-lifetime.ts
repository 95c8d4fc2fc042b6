/** How long a session lasts; the browser's cookie ends with its row. */
export const SESSION_SECONDS = 14 * 86_400;
