/** For the operator's log: the blocked host, and the setting that allows it. */
export const blocked = (hostname: string): Error & { code: string } =>
  Object.assign(
    new Error(`${hostname} is private or not https, and TOLLGATE_PRIVATE_HOSTS does not grant it to the organisation`),
    { code: "EBLOCKED" },
  );
