/**
 * The command line that Prisma's CLI gives its schema engine.
 * @param {string[]} argv
 */
export function readArguments(argv) {
  const read = { version: false, datamodels: [], datasource: {}, command: undefined };
  for (let i = 0; i < argv.length; i++) {
    const option = argv[i];
    if (option === "--version" || option === "-V") read.version = true;
    else if (option === "--datamodels" || option === "-d") read.datamodels.push(argv[++i]);
    else if (option === "--datasource") read.datasource = JSON.parse(argv[++i]);
    else if (option === "cli") read.command = argv[++i];
    else if (option === "--enabled-preview-features" || option === "--extension-types") i++;
  }
  return read;
}
