import path from "node:path";
import { defineConfig } from "vitest/config";

const root = path.join(import.meta.dirname, "../..");
const everyTest = ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.{ts,tsx}"];
const storeTests = ["packages/*/test/**/*.store.test.ts", "apps/*/test/**/*.store.test.ts"];

export default defineConfig({
  root,
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: everyTest,
          exclude: ["**/node_modules/**", ...storeTests],
          environment: "node",
          // For tests that hang. It is no statement about speed: the machine may be ten times slower.
          testTimeout: 120_000,
          // No test mocks a module or keeps state at import, so files may share imported modules.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "store",
          include: storeTests,
          exclude: ["**/node_modules/**"],
          environment: "node",
          globalSetup: [path.join(import.meta.dirname, "src/global-setup.ts")],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          pool: "forks",
          // Each file has its own database and often its own processes. More than two at a time slow each other too much.
          maxWorkers: 2,
          sequence: { groupOrder: 1 }, // after the pure ones
        },
      },
    ],
  },
});
