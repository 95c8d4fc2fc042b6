import type { CredentialTestOutcome } from "@tollgate/contracts/tasks";
import { TokenFault } from "../../providers/auth/token-fault.ts";
import { outcomeOfError } from "./outcome-of-error.ts";
import { outcomeOfTokenFault } from "./outcome-of-token-fault.ts";

interface Outcome {
  outcome: CredentialTestOutcome;
  /** The status of the token endpoint; null: there was no answer. */
  status: number | null;
}

/** Why a request failed: its token endpoint refused it, or there was no answer. */
export const outcomeOfFault = (error: unknown): Outcome =>
  error instanceof TokenFault
    ? { outcome: outcomeOfTokenFault(error), status: error.status }
    : { outcome: outcomeOfError(error), status: null };
