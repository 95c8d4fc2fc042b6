import pg from "pg";
import { readDatabaseUrl } from "./database-url.mjs";
import { connectionError } from "./known-error.mjs";

const quoted = pg.escapeIdentifier;

/** Prisma's `cli` commands, which create or drop a database from outside. */
export const databaseCommands = {
  "can-connect-to-database": canConnect,
  "create-database": createDatabase,
  "drop-database": dropDatabase,
};

export async function canConnect(url) {
  const { connection } = readDatabaseUrl(url);
  const client = new pg.Client(connection);
  try {
    await client.connect();
  } catch (error) {
    throw connectionError(error, connection);
  }
  await client.end();
}

/** With the second code, another process created it at the same moment. */
const existsAlready = new Set(["42P04", "23505"]);

/** An existing database is no error: several deploys may try to create it at the same time. @returns its name */
export async function createDatabase(url) {
  const { connection } = readDatabaseUrl(url);
  const { database } = connection;
  try {
    await fromOutside(url, (client) => client.query(`CREATE DATABASE ${quoted(database)}`));
  } catch (error) {
    if (!existsAlready.has(error.code)) throw connectionError(error, connection);
  }
  return database;
}

export async function dropDatabase(url) {
  const { connection } = readDatabaseUrl(url);
  try {
    await fromOutside(url, (client) =>
      client.query(`DROP DATABASE IF EXISTS ${quoted(connection.database)} WITH (FORCE)`),
    );
  } catch (error) {
    throw connectionError(error, connection);
  }
}

/** Runs `work` on the same server, in a database that always exists. */
async function fromOutside(url, work) {
  const { connection } = readDatabaseUrl(url);
  let refusal;
  for (const database of ["postgres", "template1"]) {
    const client = new pg.Client({ ...connection, database });
    try {
      await client.connect();
    } catch (error) {
      refusal = error;
      continue;
    }
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
  throw refusal;
}
