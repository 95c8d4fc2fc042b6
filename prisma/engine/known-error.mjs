/** An error with a code that Prisma's CLI knows and explains to the user. */
export const knownError = (code, message, meta = {}) => Object.assign(new Error(message), { code, meta });

const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ECONNRESET"]);

/** Converts the driver's error to Prisma's codes. */
export function connectionError(error, { host, port, user, database }) {
  if (error.code === "3D000") return knownError("P1003", `Database \`${database}\` does not exist`);
  if (error.code === "28P01" || error.code === "28000")
    return knownError("P1000", `Authentication failed: the credentials for \`${user}\` are not valid`);
  if (unreachable.has(error.code)) return knownError("P1001", `Can't reach database server at \`${host}:${port}\``);
  return error;
}
