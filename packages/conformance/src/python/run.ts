import { spawn } from "node:child_process";
import { once } from "node:events";

const RUN_MS = 300_000;

export interface Ended {
  /** Null: it did not start, or was ended. */
  code: number | null;
  output: string;
}

/** Runs a program to its end. `output` is what it wrote; for a failure also its errors. */
export async function run(program: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], timeout: RUN_MS });
  let [output, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const failed = new Promise<null>((resolve) =>
    child.once("error", (error) => {
      errors += error.message;
      resolve(null);
    }),
  );
  const code = await Promise.race([once(child, "close").then(([code]) => code as number | null), failed]);
  return { code, output: code === 0 ? output : output + errors };
}
