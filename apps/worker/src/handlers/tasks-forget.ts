import type { Tools } from "../tools.ts";

export const tasksForget =
  ({ taskResults, log }: Tools) =>
  async (): Promise<void> => {
    const forgotten = await taskResults.forget();
    if (forgotten > 0) log.info({ forgotten }, "old tasks deleted");
    for (;;) {
      const changes = await taskResults.forgetPolicyChanges();
      if (changes === 0) return;
      log.info({ changes }, "old policy changes deleted");
    }
  };
