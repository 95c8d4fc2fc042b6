import { readSettings } from "@tollgate/contracts/settings/read";
import { settingsOf } from "@tollgate/contracts/settings/settings-of";

export type Env = ReturnType<typeof readEnv>["settings"];

/** The settings of this process. Throws `SettingsError` with one line per invalid setting. */
export const readEnv = () => readSettings(settingsOf("worker"), process.env);
