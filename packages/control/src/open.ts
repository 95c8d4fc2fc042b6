import { openDatabase } from "@tollgate/db/client";
import { ChangeTurns } from "./change-turns.ts";
import type { Services } from "./context.ts";

type Preset = "turns" | "now" | "monotonicMs" | "signUp";

/** Sign-up is closed unless a policy is given. */
export interface ControlOptions extends Partial<Pick<Services, Preset>>, Omit<Services, "db" | Preset> {
  /** Database URL of the role tollgate_control. */
  databaseUrl: string;
  /** Maximum number of connections. Default 10. */
  connectionsMax?: number;
}

export interface Control {
  services: Services;
  close(): Promise<void>;
}

/** Connects on first use. */
export function openControl({
  databaseUrl,
  connectionsMax,
  turns = new ChangeTurns(),
  now = Date.now,
  monotonicMs = () => performance.now(),
  signUp = { mode: "closed" },
  ...rest
}: ControlOptions): Control {
  const db = openDatabase({ connectionString: databaseUrl, ...(connectionsMax ? { max: connectionsMax } : {}) });
  return { services: { db, turns, now, monotonicMs, signUp, ...rest }, close: () => db.close() };
}
