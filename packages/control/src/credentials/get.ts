import { ById } from "../fields.ts";
import { hostsGranted } from "../private-hosts.ts";
import { verb } from "../verb.ts";
import { findCredential } from "./find.ts";
import { lastTest } from "./last-test.ts";
import { presentCredential } from "./present.ts";
import { Credential } from "./schemas.ts";

export const getCredential = verb({
  name: "credentials.get",
  action: "credentials:list",
  input: ById,
  output: Credential,
  http: { method: "GET", path: "/credentials/{id}" },
  run: async ({ tx, ctx, input: { id } }) => {
    const row = await findCredential(tx, ctx.orgId, id);
    const test = await lastTest(tx, row);
    return { ...presentCredential(row, await hostsGranted(tx, ctx)), test };
  },
});
