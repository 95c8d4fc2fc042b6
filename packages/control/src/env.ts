import { readSettings } from "@tollgate/contracts/settings/read";
import { settingsOf } from "@tollgate/contracts/settings/settings-of";

/** The settings of the operator's command: a part of the dashboard's. Throws `SettingsError` with one line per invalid setting. */
export const readEnv = (from: NodeJS.ProcessEnv = process.env) => readSettings(settingsOf("operator"), from).settings;
