import { readSettings } from "@tollgate/contracts/settings/read";
import { settingsOf } from "@tollgate/contracts/settings/settings-of";

/** The port that the processes of this test share. */
export const sharedPort = (): number =>
  readSettings(settingsOf("proxy").pick({ PROXY_PORT: true }), process.env).settings.PROXY_PORT;
