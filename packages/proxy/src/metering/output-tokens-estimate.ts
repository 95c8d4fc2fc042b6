/**
 * The likely number of output tokens from the bytes (UTF-8) received: four letters of Latin text make a token, and about
 * one and a half of scripts that take three bytes each.
 */
export const outputTokensEstimate = (deliveredBytes: number): number => Math.ceil(deliveredBytes / 4);
