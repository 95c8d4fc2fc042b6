import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listen } from "../src/listen.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

describe("the listener", () => {
  test("reconnects after its connection is closed, and reports it", async () => {
    const events: string[] = [];
    const again = listen({
      connectionString: database.proxyUrl,
      channels: ["tollgate_policy", "other"],
      onNotify: (channel, payload) => events.push(`${channel} ${payload}`),
      onConnected: () => events.push("connected"),
      onLost: () => events.push("lost"),
      retryMs: 20,
    });
    await waitFor(() => events.includes("connected"));
    const others = "pid <> pg_backend_pid() AND usename = 'tollgate_proxy' AND query LIKE 'listen%other%'";
    await query(database.ownerUrl, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
    await waitFor(() => events.join() === "connected,lost,connected");
    await query(database.ownerUrl, "NOTIFY other, 'hello'");
    await waitFor(() => events.includes("other hello"));
    await again.close();
    expect(events.filter((word) => word === "lost")).toHaveLength(1);
  });
});
