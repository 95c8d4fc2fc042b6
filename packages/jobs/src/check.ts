import { checkRedis } from "./check-redis.ts";
import { queueEnv } from "./env.ts";

// Checks before a start whether the queue's Redis can be used. Changes nothing. Without REDIS_URL there is
// nothing to check.
try {
  const { redisUrl } = queueEnv();
  if (redisUrl) await checkRedis(redisUrl);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
