import { runMigrations } from "bullmq";
import pg from "pg";
import { QUEUE_SCHEMA } from "./backend.ts";

/** Sends, and asks whether what was sent still waits: reads no payload, changes no job. */
const SENDERS = ["tollgate_proxy"];
const WORKERS = ["tollgate_ingest"];
/** The dashboard's: with the right to send it could book usage. Earlier versions gave it that. */
const OUTSIDERS = ["tollgate_control"];

/** Any number; the same for every process that installs. */
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
    // Announcing a job also trims the oldest announcements.
    `grant select, insert, delete on ${QUEUE_SCHEMA}.event to ${senders}`,
    `grant select, insert, update, delete on all tables in schema ${QUEUE_SCHEMA} to ${workers}`,
  ];
}

/**
 * Makes the queue's schema in Postgres as its owner, or brings it up to date, and lets two roles in as far as each
 * needs. May be run at any time, by any number of processes.
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
