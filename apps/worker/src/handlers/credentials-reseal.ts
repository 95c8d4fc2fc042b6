import type { Tools } from "../tools.ts";

export const credentialsReseal =
  ({ taskResults, log }: Tools) =>
  async (): Promise<void> => {
    const asked = await taskResults.askResealing();
    if (asked > 0) log.info({ asked }, "proxies are asked to seal credentials again");
  };
