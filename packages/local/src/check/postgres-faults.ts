/** What a Postgres says of itself and of the role that asked. */
export type PostgresFacts = {
  /** As `server_version_num` has it: 150004 is 15.4. */
  versionNumber: number;
  version: string;
  role: string;
  canMakeRoles: boolean;
  isStandby: boolean;
  database: string;
  /** Whether the database exists; migrating makes it otherwise. */
  isThere: boolean;
  /** Whether the role may do what migrating needs: make schemas in that database, or the database itself. */
  canMake: boolean;
  /** Of the database; of template1, which a new one is made from, while there is none. */
  encoding: string;
};

const oldestVersion = 15;

/** What is in the way of migrating, one line each: nothing was changed yet. */
export function postgresFaults(facts: PostgresFacts): string[] {
  const { versionNumber, version, role, canMakeRoles, isStandby, database, isThere, canMake, encoding } = facts;
  if (versionNumber < oldestVersion * 10_000)
    return [`DATABASE_URL: this is Postgres ${version}; ${oldestVersion} or newer is needed.`];
  return [
    !canMakeRoles && `DATABASE_URL: the role ${role} may not make roles: ALTER ROLE ${role} CREATEROLE.`,
    isStandby && "DATABASE_URL: this server is a read-only standby: name the primary.",
    encoding !== "UTF8" && encodingFault(facts),
    !canMake && isThere && `DATABASE_URL: ${role} may not make schemas in ${database}: make it the database's owner.`,
    !canMake && !isThere && `DATABASE_URL: there is no database ${database}, and ${role} may not make one.`,
  ].filter((fault) => fault !== false);
}

const encodingFault = ({ database, isThere, encoding }: PostgresFacts): string =>
  isThere
    ? `DATABASE_URL: the database ${database} is encoded in ${encoding}: make one with ENCODING 'UTF8'.`
    : `DATABASE_URL: there is no database ${database}, and a new one would be encoded in ${encoding}: make it with ENCODING 'UTF8'.`;
