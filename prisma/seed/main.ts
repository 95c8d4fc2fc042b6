import { json } from "node:stream/consumers";
import { SettingsError } from "@tollgate/contracts/settings/read";
import { openControl } from "@tollgate/control/open";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { readSession } from "@tollgate/control/people/read-session";
import { signIn } from "@tollgate/control/people/sign-in";
import { signOut } from "@tollgate/control/people/sign-out";
import { emailOf, fillDemo, type Passwords } from "./demo-organisation.ts";
import { env } from "./env.ts";

// Reads { providerUrl, passwords } from standard input, and writes the secrets that are shown once (key, token) to standard
// output. It calls control verbs, as the dashboard does: the demo is an ordinary organisation.

const organisation = "Acme";
const wishes = (await json(process.stdin)) as { providerUrl: string; passwords: Passwords };
const { services, close } = openControl(settings());
try {
  const admin = { email: emailOf("admin"), password: wishes.passwords.admin };
  const owner = { ...admin, name: "Ada Admin" };
  await createOrganisationFor(services, { organisation, owner }, null).catch(unlessThereAlready);
  const { sessionId } = await signIn(services, admin, null);
  const session = await readSession(services, sessionId);
  const slug = session?.organisations[0]?.slug;
  if (!slug) throw new Error("the demo's admin belongs to no organisation");
  const shown = await fillDemo(await contextForSession(services, sessionId, slug, null), wishes);
  await signOut(services, sessionId, null);
  const users = Object.fromEntries(
    Object.entries(wishes.passwords).map(([role, password]) => [
      role,
      { email: emailOf(role as keyof Passwords), password },
    ]),
  );
  process.stdout.write(JSON.stringify({ organisation: slug, ...shown, users }));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
} finally {
  await close();
}

/** Ends the process with one line per invalid setting. */
function settings(): ReturnType<typeof env> {
  try {
    return env();
  } catch (error) {
    process.stderr.write(`${error instanceof SettingsError ? error.message.replace(/^/gm, "seed: ") : error}\n`);
    process.exit(1);
  }
}

function unlessThereAlready(error: unknown): void {
  if ((error as { code?: string }).code !== "conflict") throw error;
}
