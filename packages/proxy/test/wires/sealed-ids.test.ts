import { expect, test } from "vitest";
import { FILE, idPlaces } from "../../src/wires/id-places.ts";
import { sealedIds } from "../../src/wires/sealed-ids.ts";

const PLACES = idPlaces({ "output[].file_id": FILE });
const sealed = (text: string) => String(sealedIds(Buffer.from(text), PLACES, (id) => `own-${id}`));

test("ids in a list become own ids", () => {
  expect(sealed('{"output":[1,{"file_id":"a"},{"file_id":"b"}]}')).toBe(
    '{"output":[1,{"file_id":"own-a"},{"file_id":"own-b"}]}',
  );
});

test.each([
  'event: {"output":[}\ndata: {"file_id":"a"}',
  'data: {"output":[{\ndata: "x":1}],"file_id":"a"}',
  '{"output":[:}}],"file_id":"a"',
  '{"output":[',
])("the search for ids ends in bytes that are not JSON: %s", (text) => {
  expect(sealed(text)).toContain("output");
});
