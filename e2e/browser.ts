import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { chromium } from "@playwright/test";

export type Browser = {
  executablePath?: string;
  env?: Record<string, string>;
};

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const unpackedDir = path.join(import.meta.dirname, "../.data/chromium");

const fontSettings = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${path.join(unpackedDir, "fonts")}</dir><cachedir>${path.join(unpackedDir, "font-cache")}</cachedir></fontconfig>
`;

/** E2E_CHROMIUM, else Playwright's, else the system's, else the one from the npm package. */
export function chooseBrowser(): Browser {
  if (process.env.E2E_CHROMIUM) return { executablePath: process.env.E2E_CHROMIUM };
  if (existsSync(chromium.executablePath())) return {};
  const system = systemBrowser();
  return system ? { executablePath: system } : installedBrowser();
}

function systemBrowser(): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const places = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  return [...places, "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"].find((file) => existsSync(file));
}

/** Unpacked once. It contains libraries that a minimal Linux does not have. */
function installedBrowser(): Browser {
  const packed = path.join(path.dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "../bin");
  const read = (name: string) => brotliDecompressSync(readFileSync(path.join(packed, `${name}.br`)));
  if (!existsSync(unpackedDir)) {
    const unfinished = `${unpackedDir}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(path.join(unfinished, "chromium"), read("chromium"));
    chmodSync(path.join(unfinished, "chromium"), 0o755);
    for (const name of ["al2023", "fonts", "swiftshader"])
      execFileSync("tar", ["-x", "-C", unfinished], { input: read(`${name}.tar`) });
    writeFileSync(path.join(unfinished, "fonts.conf"), fontSettings);
    try {
      renameSync(unfinished, unpackedDir);
    } catch {
      rmSync(unfinished, { recursive: true, force: true }); // another process was faster
    }
  }
  return {
    executablePath: path.join(unpackedDir, "chromium"),
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: path.join(unpackedDir, "lib"),
      FONTCONFIG_PATH: unpackedDir,
    },
  };
}
