import { runMigrations } from "bullmq";
import pg from "pg";
import { QUEUE_SCHEMA } from "./backend.ts";

/** Roles that send jobs and query whether they still wait. They read no payload and change no job. */
const SENDERS = ["tollgate_proxy"];
const WORKERS = ["tollgate_ingest"];
/** The dashboard's role has no rights: with the right to send it could record usage. Earlier versions granted it. */
const OUTSIDERS = ["tollgate_control"];

/** Id of the advisory lock. All processes that install use the same. */
const INSTALL_LOCK = 7_104_210;

function grants(): string[] {
  const all = [...SENDERS, ...WORKERS].join(", ");
  const senders = SENDERS.join(", ");
  const workers = WORKERS.join(", ");
  const outsiders = OUTSIDERS.join(", ");
  return [
    `revoke all on all tables in schema ${QUEUE_SCHEMA} from ${outsiders}`,
    `revoke all on all sequences in schema ${QUEUE_SCHEMA} from ${outsiders}`,
    `revoke all on schema ${QUEUE_SCHEMA} from ${outsiders}`,
    `grant usage on schema ${QUEUE_SCHEMA} to ${all}`,
    `grant usage, select on all sequences in schema ${QUEUE_SCHEMA} to ${all}`,
    `grant select on ${QUEUE_SCHEMA}.migration, ${QUEUE_SCHEMA}.meta to ${all}`,
    `grant insert on ${QUEUE_SCHEMA}.job to ${senders}`,
    `grant select (queue, id, state, priority) on ${QUEUE_SCHEMA}.job to ${senders}`,
    // Adding an event also deletes the oldest events.
    `grant select, insert, delete on ${QUEUE_SCHEMA}.event to ${senders}`,
    `grant select, insert, update, delete on all tables in schema ${QUEUE_SCHEMA} to ${workers}`,
  ];
}

/**
 * Creates or updates the queue's schema in Postgres as its owner, and grants two roles the rights that they
 * need. Safe at any time, also concurrently.
 */
export async function installQueue(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [INSTALL_LOCK]);
    await runMigrations(client, QUEUE_SCHEMA);
    for (const grant of grants()) await client.query(grant);
  } finally {
    await client.end();
  }
}
