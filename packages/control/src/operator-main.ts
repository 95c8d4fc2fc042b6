import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { SettingsError } from "@tollgate/contracts/settings/read";
import { readEnv } from "./env.ts";
import { openControl } from "./open.ts";
import { createOrganisationFor } from "./operator/create-organisation.ts";
import { isQuarantineVerb, quarantineCommand } from "./operator/quarantine-command.ts";
import { publicError } from "./public-error.ts";

// The operator's command. It runs with the dashboard's environment on a machine that can reach the database.

const USAGE = `Creates an organisation with its first owner:

  create-organisation --organisation <name> --owner <name> --email <address> [--password-stdin]

Without --password-stdin a password is generated and printed once.

Shows usage that could not be recorded, adds it to the ledger, or deletes it for ever:

  quarantine list [--limit <number>] [--cursor <cursor>]
  quarantine release <id>… | --all
  quarantine discard <id>… | --all
`;

const OPTIONS = {
  organisation: { type: "string" },
  owner: { type: "string" },
  email: { type: "string" },
  "password-stdin": { type: "boolean", default: false },
  limit: { type: "string" },
  cursor: { type: "string" },
  all: { type: "boolean", default: false },
} as const;

class UsageError extends Error {}

function readArguments() {
  try {
    const { positionals, values } = parseArgs({ options: OPTIONS, allowPositionals: true });
    const [noun, verb = "", ...ids] = positionals;
    if (positionals.join(" ") === "create-organisation") return { values };
    if (noun === "quarantine" && isQuarantineVerb(verb)) return { values, quarantine: { verb, ids } };
    throw new Error("There is no such command.");
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

async function run(): Promise<void> {
  const { values, quarantine } = readArguments();
  const { organisation = "", owner = "", email = "" } = values;
  const given = values["password-stdin"] ? { password: (await text(process.stdin)).replace(/\r?\n$/, "") } : {};
  const env = readEnv();
  const { services, close } = openControl({
    databaseUrl: env.TOLLGATE_CONTROL_DATABASE_URL,
    pepper: env.TOLLGATE_KEY_PEPPER,
    auditKey: env.TOLLGATE_AUDIT_KEY,
    sealPublicKey: env.TOLLGATE_SEAL_PUBLIC_KEY,
    channelPublicKey: env.TOLLGATE_CHANNEL_PUBLIC_KEY,
    privateHosts: new Map(),
    proxyUrl: "",
  });
  try {
    if (quarantine) {
      process.stdout.write(await quarantineCommand(services, quarantine.verb, quarantine.ids, values));
      return;
    }
    const input = { organisation, owner: { name: owner, email, ...given } };
    const made = await createOrganisationFor(services, input, null);
    process.stdout.write(`${made.name} is at ${env.NEXTAUTH_URL}/${made.slug} (id ${made.id}).\n`);
    process.stdout.write(`Its owner signs in as ${made.owner.email}`);
    process.stdout.write(made.owner.password ? ` with the password ${made.owner.password}\n` : ".\n");
  } finally {
    await close();
  }
}

/** The option of each input field. */
const OPTION_OF: Record<string, string> = {
  "owner.name": "owner",
  "owner.email": "email",
  "owner.password": "password-stdin",
  ids: "all",
};

/** The text of a failure: an error with its fields, or the lines of invalid settings. Never a stack. */
function described(error: unknown): string {
  if (error instanceof SettingsError || error instanceof UsageError) return error.message;
  const { message, detail } = publicError(error);
  const fields = Object.entries(detail.fields ?? {}).map(([field, why]) => `  --${OPTION_OF[field] ?? field} ${why}`);
  return [message, ...fields].join("\n");
}

try {
  await run();
} catch (error) {
  process.stderr.write(`tollgate: ${described(error)}\n`);
  process.exitCode = 1;
}
