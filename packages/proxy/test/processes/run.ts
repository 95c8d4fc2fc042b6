import path from "node:path";
import { runProcesses } from "../../src/processes/run-processes.ts";

const quiet = () => {};
const script = path.join(import.meta.dirname, "child.ts");
await runProcesses(script, 3, { info: quiet, warn: quiet, error: quiet });
