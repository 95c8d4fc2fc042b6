import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** This order, because policies use functions. */
const KINDS = ["functions", "views", "policies"];

/** The files of prisma/sql in the order in which they are applied. A file is named after what it defines. */
export const readSqlFiles = (folder) =>
  KINDS.flatMap((kind) =>
    readdirSync(path.join(folder, kind))
      .filter((name) => name.endsWith(".sql"))
      .sort()
      .map((name) => {
        const text = readFileSync(path.join(folder, kind, name), "utf8");
        return {
          file: `${kind}/${name}`,
          kind,
          name: path.basename(name, ".sql"),
          owner: /^-- owner: (\w+)$/m.exec(text)?.[1],
          text,
          hash: createHash("sha256").update(text).digest("hex"),
        };
      }),
  );
