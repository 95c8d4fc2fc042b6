import { env, SettingsError } from "./env.ts";

/** A bad setting ends the process with one clear line each. */
export function requireSettings(): void {
  try {
    env();
  } catch (error) {
    console.error(error instanceof SettingsError ? error.message : error);
    process.exit(1);
  }
}
