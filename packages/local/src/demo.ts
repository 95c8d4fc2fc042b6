import { run } from "./command.ts";
import { repository } from "./env.ts";
import { readJsonFile, writeJsonFile } from "./json-file.ts";

export type SignIn = { email: string; password: string };

/** What a new user needs to know about the demo organisation. */
export type Demo = {
  organisation: string;
  demoKey: string;
  demoModel: string;
  adminToken: string;
  users: { admin: SignIn; developer: SignIn; finance: SignIn };
};

export const readDemo = (file: string): Demo | undefined => readJsonFile<Demo>(file);

/** Creates the demo organisation with control verbs. Stores in `file` the secrets that are shown only once. */
export async function seedDemo(
  file: string,
  { env, ...wishes }: { env: NodeJS.ProcessEnv; providerUrl: string; passwords: Record<keyof Demo["users"], string> },
  signal: AbortSignal,
): Promise<Demo> {
  const input = JSON.stringify(wishes);
  const output = await run(process.execPath, ["prisma/seed/main.ts"], { cwd: repository, env, input, signal });
  const demo: Demo = JSON.parse(output);
  writeJsonFile(file, demo);
  return demo;
}
