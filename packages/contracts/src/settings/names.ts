import { SETTINGS } from "./table.ts";

export type SettingName = keyof typeof SETTINGS;

/** Every setting of Tollgate, whichever process reads it: each process tells a misspelt name from another's setting. */
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** Set by Tollgate itself for its own processes, or by people for their clients (the README's examples). */
export const OTHER_NAMES: readonly string[] = [
  "TOLLGATE_ADMIN_TOKEN",
  "TOLLGATE_KEY",
  "TOLLGATE_STARTED_AT",
  "TOLLGATE_STOP_MS",
  "TOLLGATE_WATCH_FD",
];
