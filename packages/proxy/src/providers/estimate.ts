/** An upper bound of the prompt's tokens: bytes of the body (no tokenizer makes more tokens than bytes) plus images at their fixed maximum. */
export declare function promptTokensMax(body: Readonly<Record<string, unknown>>, bodyBytes: number): number;

/** A sane guess for `estimated` events. */
export declare function promptTokensEstimate(body: Readonly<Record<string, unknown>>): number;

/** A sane guess of output tokens from the characters handed over. */
export declare function outputTokensEstimate(deliveredChars: number): number;
