/** What `x-tollgate-cache` asks for; `ttlSeconds` never exceeds the model's own. */
export interface CacheControl {
  read: boolean;
  write: boolean;
  ttlSeconds: number;
}

/** `no-store` (neither read nor write), `refresh` (write only), `ttl=60`; throws 400 `invalid_value` on anything else. */
export declare function cacheControl(header: string | undefined, modelTtlSeconds: number): CacheControl;
