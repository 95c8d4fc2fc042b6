import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { openAdapterFactory } from "./adapter-factory.mjs";
import { knownError } from "./known-error.mjs";

const require = createRequire(import.meta.url);
const engineFile = require.resolve("@prisma/schema-engine-wasm");

/** The engine's commit: the end of its package's version. */
export const engineVersion = () => {
  const { version } = JSON.parse(readFileSync(path.join(path.dirname(engineFile), "package.json"), "utf8"));
  return version.slice(version.lastIndexOf(".") + 1);
};

async function loadEngine() {
  const glue = await import(pathToFileURL(path.join(path.dirname(engineFile), "schema_engine_bg.js")).href);
  const bytes = readFileSync(path.join(path.dirname(engineFile), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine;
}

/** @returns a function that lends a fresh engine to `work` and closes its sessions after it */
export async function openEngine({ datamodels, datasource }) {
  const SchemaEngine = await loadEngine();
  const schema = datamodels.length ? datamodels.map((file) => [file, readFileSync(file, "utf8")]) : undefined;
  return async function withEngine(work) {
    if (!datasource.url) throw knownError("P1012", "The Prisma config file names no datasource.url");
    const factory = openAdapterFactory(datasource);
    try {
      const engine = await SchemaEngine.new(
        { datamodels: schema },
        () => undefined,
        bindMigrationAwareSqlAdapterFactory(factory),
      );
      try {
        return await work(engine);
      } finally {
        engine.free();
      }
    } finally {
      await factory.close(); // and the sessions' end releases migrate's advisory lock
    }
  };
}
