import type { Path } from "../wire.ts";

/** Whether the text is the bytes or the address of a file. A signature is none, although it is base64 too. */
export const isFile = (_text: string, path: Path, isData: boolean): boolean => {
  const name = path.at(-1);
  return name === "fileUri" || name === "file_uri" || (isData && name === "data");
};
