import { trustedProxies } from "@tollgate/dial/client-address";
import type { Settings } from "../src/ports.ts";

/** Settings of the proxy in tests, with short times. */
export const SETTINGS: Settings = {
  bodyBytesMax: 1024 * 1024,
  bodiesBytesMax: 256 * 1024 * 1024,
  bodyTimeoutMs: 5_000,
  totalTimeoutMs: 20_000,
  firstTokenTimeoutMs: 20_000,
  keepaliveMs: 15_000,
  writeStallMs: 5_000,
  retryPauseMs: 5,
  retryAfterMaxMs: 1_000,
  leftDrainMs: 0,
  brokenAnswers: "estimate",
  spoolFull: "refuse",
  trustedProxies: trustedProxies([]),
  docsUrl: "https://docs.example/errors",
};
