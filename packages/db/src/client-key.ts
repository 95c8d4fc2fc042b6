/** Under which a Database keeps its Prisma client; not a door of this package, so nothing outside can reach around. */
export const CLIENT = Symbol("prisma client");
