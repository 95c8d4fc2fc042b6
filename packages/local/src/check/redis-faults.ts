import { run } from "../command.ts";

/** What is in the way of using this Redis, one line each: asked by the package that uses it. */
export async function redisFaults(redisUrl: string): Promise<string[]> {
  try {
    await run(process.execPath, ["packages/jobs/src/check.ts"], { env: { REDIS_URL: redisUrl } });
    return [];
  } catch (error) {
    // The command line, then what it said.
    return (error as Error).message.split("\n").slice(1).filter(Boolean);
  }
}
