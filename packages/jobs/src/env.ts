import { z } from "zod";

const Env = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be the postgres:// URL of the owner" }),
});

/** Settings of `install.ts`, the only thing here that runs by itself. Throws one line that names what is wrong. */
export function env(): { databaseUrl: string } {
  const parsed = Env.safeParse(process.env);
  if (!parsed.success)
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; "));
  return { databaseUrl: parsed.data.DATABASE_URL };
}
