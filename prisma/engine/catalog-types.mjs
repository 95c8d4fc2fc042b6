import { ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";

// The adapter rejects types that only system catalogues use, but the engine reads those catalogues. Each is replaced by the
// most similar type that the adapter knows: [its oid, the column type that the engine gets].
const charOid = 18;
const nameArrayOid = 1003;
const textArrayOid = 1009;
const standIns = new Map([
  [charOid, [1042, ColumnTypeEnum.Character]],
  [nameArrayOid, [textArrayOid, ColumnTypeEnum.TextArray]],
]);

/** Lets `queryable` read `"char"` and `name[]` columns. */
export function readCatalogTypes(queryable) {
  const performIO = queryable.performIO.bind(queryable);
  const queryRaw = queryable.queryRaw.bind(queryable);
  queryable.queryRaw = async (query) => {
    const replaced = [];
    queryable.performIO = async (io) => {
      const result = await performIO(io);
      for (const [index, field] of result.fields.entries()) {
        const standIn = standIns.get(field.dataTypeID);
        if (!standIn) continue;
        if (field.dataTypeID === nameArrayOid) parseColumn(result.rows, index);
        field.dataTypeID = standIn[0];
        replaced.push([index, standIn[1]]);
      }
      return result;
    };
    try {
      const answer = await queryRaw(query);
      for (const [index, columnType] of replaced) answer.columnTypes[index] = columnType;
      return answer;
    } finally {
      queryable.performIO = performIO;
    }
  };
  return queryable;
}

function parseColumn(rows, index) {
  const parse = pg.types.getTypeParser(textArrayOid, "text");
  for (const row of rows) if (typeof row[index] === "string") row[index] = parse(row[index]);
}
