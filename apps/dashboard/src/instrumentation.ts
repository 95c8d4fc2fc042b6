import { env, runsOnNode, SettingsError } from "@/env.ts";

/** Runs once when the server starts: a bad setting ends it with one clear line each. */
export function register(): void {
  if (!runsOnNode) return;
  try {
    env();
  } catch (error) {
    console.error(error instanceof SettingsError ? error.message : error);
    process.exit(1);
  }
}
