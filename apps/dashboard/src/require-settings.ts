import { SettingsError } from "@tollgate/contracts/settings/read";
import { env, settingWarnings } from "./env.ts";

/** Invalid settings end the process with one line each. An unknown setting name gives a warning. */
export function requireSettings(): void {
  try {
    env();
  } catch (error) {
    console.error(error instanceof SettingsError ? error.message.replace(/^/gm, "dashboard: ") : error);
    process.exit(1);
  }
  for (const warning of settingWarnings()) console.warn(warning);
}
