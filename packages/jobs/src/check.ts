import { checkRedis } from "./check-redis.ts";
import { queueEnv } from "./env.ts";

// Whether the queue's Redis can be used, for the checks before a start: nothing is changed. Without REDIS_URL there is
// nothing to check.
try {
  const { redisUrl } = queueEnv();
  if (redisUrl) await checkRedis(redisUrl);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
