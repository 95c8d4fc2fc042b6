import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInstallation, type Installation } from "@tollgate/chaos/installation";
import type { Context } from "@tollgate/control/context";
import { listCredentials } from "@tollgate/control/credentials/list";
import { updateCredential } from "@tollgate/control/credentials/update";
import { query } from "@tollgate/testkit/cluster";
import { startProvider } from "../contenders.ts";
import { openServices, ownerContext, signInOwner } from "./owner.ts";
import type { Store } from "./store.ts";

/** The processes of a large installation, not started, and a provider for its model. */
export interface Running extends Installation {
  store: Store;
  /** The owner of the large organisation, now. */
  owner: Context;
  close(): Promise<void>;
}

/** The URLs and secrets of the store, with an empty data folder: no policy is on disk, and no spool. */
export async function openProcesses(store: Store): Promise<Running> {
  const dir = await mkdtemp(path.join(tmpdir(), "tollgate-bench-"));
  const { settings } = store;
  const urls = {
    controlUrl: settings.TOLLGATE_CONTROL_DATABASE_URL ?? "",
    proxyUrl: settings.TOLLGATE_PROXY_DATABASE_URL ?? "",
    ingestUrl: settings.TOLLGATE_INGEST_DATABASE_URL ?? "",
  };
  const data = { TOLLGATE_DATA_DIR: dir, TOLLGATE_SPOOL_DIR: path.join(dir, "spool") };
  const installation = await createInstallation(urls, store.dir, { settings: data });
  // A proxy that was killed has one for a while, and another one without Redis waits for it.
  await query(store.ownerUrl, "delete from proxy_lease");
  const provider = await startProvider();
  const { services, close } = openServices(settings);
  const { sessionId } = await signInOwner(services);
  const owner = await ownerContext(services, sessionId);
  const { items } = await listCredentials(owner, { search: "Bench" });
  const baseUrl = `${provider.origin}/v1`;
  await updateCredential(owner, { id: items[0]?.id ?? "", baseUrl, secret: "sk-bench" });
  return {
    ...installation,
    store,
    owner,
    async close() {
      await installation.proxy.stop().catch(() => {});
      await installation.worker.stop().catch(() => {});
      await close();
      await provider.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
