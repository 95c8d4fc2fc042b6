import { SettingsError } from "@tollgate/contracts/settings/read";
import { env, settingWarnings } from "./env.ts";

/** A bad setting ends the process with one clear line each; a name that is no setting gives a warning. */
export function requireSettings(): void {
  try {
    env();
  } catch (error) {
    console.error(error instanceof SettingsError ? error.message.replace(/^/gm, "dashboard: ") : error);
    process.exit(1);
  }
  for (const warning of settingWarnings()) console.warn(warning);
}
