import { Redis } from "ioredis";

const TIMEOUT_MS = 5_000;
/** The minimum version of BullMQ. */
const VERSION_MIN = [6, 2] as const;

/** A Redis that answers but must not be used. */
export class UnfitRedis extends Error {}

/**
 * Throws an error of one line if this Redis cannot hold the queue and the limits: it does not answer, or (`UnfitRedis`)
 * it is too old or may evict keys. Uses INFO, because hosted Redis often forbids CONFIG.
 */
export async function checkRedis(url: string): Promise<void> {
  const fault = faultOf(await info(url));
  if (fault) throw new UnfitRedis(`REDIS_URL: the Redis at ${new URL(url).host} ${fault}`);
}

/** The problem of a server with this INFO text; null if there is none. */
export function faultOf(info: string): string | null {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];
  const version = field("redis_version") ?? "0";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [majorMin, minorMin] = VERSION_MIN;
  if (major < majorMin || (major === majorMin && minor < minorMin)) {
    return `has version ${version}; ${VERSION_MIN.join(".")} or newer is needed.`;
  }
  const policy = field("maxmemory_policy") ?? "noeviction";
  if (policy === "noeviction") return null;
  return `has maxmemory-policy ${policy}: it could evict jobs and limits. Set it to noeviction.`;
}

async function info(url: string): Promise<string> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason = "";
  client.on("error", (error: NodeJS.ErrnoException) => {
    reason ||= error.message || (error.code ?? "");
  });
  try {
    await client.connect();
    return await client.info();
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`REDIS_URL: no Redis answers at ${new URL(url).host} (${reason || message}).`);
  } finally {
    client.disconnect();
  }
}
