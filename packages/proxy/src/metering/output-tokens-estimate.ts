/**
 * Estimates output tokens from the bytes (UTF-8) received. A token is about four letters of Latin text, or about one
 * and a half characters of scripts with three bytes per character.
 */
export const outputTokensEstimate = (deliveredBytes: number): number => Math.ceil(deliveredBytes / 4);
