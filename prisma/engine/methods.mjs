import { canConnect, createDatabase } from "./database-commands.mjs";
import { reapplySql } from "./reapply-sql.mjs";

const passedOn = [
  "dbExecute",
  "devDiagnostic",
  "diagnoseMigrationHistory",
  "introspect",
  "introspectSql",
  "markMigrationApplied",
  "markMigrationRolledBack",
  "reset",
  "schemaPush",
];
// These only return what a diagnosis with a shadow database has stored in the same engine before.
const afterDiagnosis = ["evaluateDataLoss", "createMigration"];

/** The engine's JSON-RPC methods: `method(params, { print })`. */
export function engineMethods(withEngine, { url }) {
  return {
    ...Object.fromEntries(
      passedOn.map((name) => [name, async (params) => (await withEngine((engine) => engine[name](params))) ?? {}]),
    ),
    ...Object.fromEntries(
      afterDiagnosis.map((name) => [
        name,
        (params) =>
          withEngine(async (engine) => {
            const { migrationsList, filters } = params;
            await engine.diagnoseMigrationHistory({ migrationsList, filters, optInToShadowDatabase: true });
            return engine[name](params);
          }),
      ]),
    ),
    async applyMigrations(params) {
      const applied = await withEngine((engine) => engine.applyMigrations(params));
      await reapplySql(url);
      return applied ?? {};
    },
    createDatabase: async () => ({ databaseName: await createDatabase(url) }),
    ensureConnectionValidity: async () => {
      await canConnect(url);
      return {};
    },
    getDatabaseVersion: () => withEngine((engine) => engine.version(undefined)),
    async diff(params, { print }) {
      const { stdout, exitCode } = await withEngine((engine) =>
        engine.diff({ ...params, exitCode: params.exitCode ?? null }),
      );
      if (stdout) print(stdout);
      return { exitCode };
    },
  };
}
