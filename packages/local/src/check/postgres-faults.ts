/** Facts about a Postgres server and the role that connects. */
export type PostgresFacts = {
  /** `server_version_num`: 150004 is 15.4. */
  versionNumber: number;
  version: string;
  role: string;
  canMakeRoles: boolean;
  isStandby: boolean;
  database: string;
  /** Whether the database exists. If not, the migration creates it. */
  isThere: boolean;
  /** Whether the role may create schemas in that database, or the database itself. */
  canMake: boolean;
  /** Encoding of the database. If it does not exist: of template1, from which it is created. */
  encoding: string;
};

const oldestVersion = 15;

/** Problems that prevent a migration, one line each. */
export function postgresFaults(facts: PostgresFacts): string[] {
  const { versionNumber, version, role, canMakeRoles, isStandby, database, isThere, canMake, encoding } = facts;
  if (versionNumber < oldestVersion * 10_000)
    return [`DATABASE_URL: this is Postgres ${version}; ${oldestVersion} or newer is needed.`];
  return [
    !canMakeRoles && `DATABASE_URL: the role ${role} may not create roles: ALTER ROLE ${role} CREATEROLE.`,
    isStandby && "DATABASE_URL: this server is a read-only standby: use the primary.",
    encoding !== "UTF8" && encodingFault(facts),
    !canMake && isThere && `DATABASE_URL: ${role} may not create schemas in ${database}: make it the database's owner.`,
    !canMake && !isThere && `DATABASE_URL: there is no database ${database}, and ${role} may not create it.`,
  ].filter((fault) => fault !== false);
}

const encodingFault = ({ database, isThere, encoding }: PostgresFacts): string =>
  isThere
    ? `DATABASE_URL: the database ${database} has the encoding ${encoding}: create one with ENCODING 'UTF8'.`
    : `DATABASE_URL: there is no database ${database}, and a new one would have the encoding ${encoding}: create it with ENCODING 'UTF8'.`;
