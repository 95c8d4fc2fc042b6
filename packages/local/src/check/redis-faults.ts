import { run } from "../command.ts";

/** Problems of this Redis, one line each. The package that uses Redis checks it. */
export async function redisFaults(redisUrl: string): Promise<string[]> {
  try {
    await run(process.execPath, ["packages/jobs/src/check.ts"], { env: { REDIS_URL: redisUrl } });
    return [];
  } catch (error) {
    // The message starts with the command line; its output follows.
    return (error as Error).message.split("\n").slice(1).filter(Boolean);
  }
}
