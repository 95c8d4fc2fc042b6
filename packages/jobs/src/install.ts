import { env } from "./env.ts";
import { installQueue } from "./install-queue.ts";

try {
  await installQueue(env().databaseUrl);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
