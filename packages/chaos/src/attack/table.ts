import type { Attack } from "./attack.ts";
import { batchInputs } from "./attacks/batch-inputs.ts";
import { brokenAnswers } from "./attacks/broken-answers.ts";
import { credentialTests } from "./attacks/credential-tests.ts";
import { guardrailStall } from "./attacks/guardrail-stall.ts";
import { jsonShapes } from "./attacks/json-shapes.ts";
import { manySessions } from "./attacks/many-sessions.ts";
import { manyStrangers } from "./attacks/many-strangers.ts";
import { packedBodies } from "./attacks/packed-bodies.ts";
import { providerAnswers } from "./attacks/provider-answers.ts";
import { rollingRestart } from "./attacks/rolling-restart.ts";
import { stoppedProcess } from "./attacks/stopped-process.ts";

/** All attacks that `pnpm attack` runs, in this order. */
export const ATTACKS: readonly Attack[] = [
  manyStrangers,
  manySessions,
  guardrailStall,
  brokenAnswers,
  jsonShapes,
  packedBodies,
  batchInputs,
  providerAnswers,
  rollingRestart,
  stoppedProcess,
  credentialTests,
];
