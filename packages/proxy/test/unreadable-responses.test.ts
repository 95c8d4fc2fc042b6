import { raw } from "@tollgate/testkit/provider-behaviour";
import { expect, test } from "vitest";
import { openGoogleSetup } from "./google/google-setup.ts";

test.each(["google", "openai-compatible"] as const)(
  "a response of %s with an encoding that no decoder has is a failure at once",
  async (provider) => {
    const setup = await openGoogleSetup(provider);
    for (const encoding of ["constructor", "__proto__", "toString"]) {
      const headers = { "content-type": "text/event-stream", "content-encoding": encoding };
      setup.provider.script(raw(["data: {}\n\n"], headers), raw(["data: {}\n\n"], headers));
      const response = await setup.stream();
      expect([encoding, response.status]).toEqual([encoding, 502]);
      await response.text();
    }
    await setup.close();
  },
);
