import { openDatabase } from "@tollgate/db/client";
import type { Services } from "./context.ts";

export interface ControlOptions extends Partial<Pick<Services, "now">>, Omit<Services, "db" | "now"> {
  /** Of the role tollgate_control. */
  databaseUrl: string;
  /** Connections at most, default 10. */
  connectionsMax?: number;
}

export interface Control {
  services: Services;
  close(): Promise<void>;
}

/** Connects on first use. */
export function openControl({ databaseUrl, connectionsMax, now = Date.now, ...rest }: ControlOptions): Control {
  const db = openDatabase({ connectionString: databaseUrl, ...(connectionsMax ? { max: connectionsMax } : {}) });
  return { services: { db, now, ...rest }, close: () => db.close() };
}
