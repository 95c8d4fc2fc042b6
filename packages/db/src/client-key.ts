/** The property of a Database with its Prisma client. This package does not export it, so other packages cannot use the client. */
export const CLIENT = Symbol("prisma client");
