/** kbit/s by the index in a frame header. */
const RATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** Hz of MPEG 1; half of it in MPEG 2, a quarter in MPEG 2.5. */
const SAMPLE_RATES = [44_100, 48_000, 32_000];
/** How far the first frame is searched. */
const SEARCHED_BYTES = 64 * 1024;

/** The length of the tag before the first frame. */
function tagBytes(file: Buffer): number {
  if (file.length < 10 || file.toString("latin1", 0, 3) !== "ID3") return 0;
  const [a = 0, b = 0, c = 0, d = 0] = file.subarray(6, 10);
  return 10 + ((a << 21) | (b << 14) | (c << 7) | d);
}

/** MP3: from the number of frames if the file names it, otherwise from the bit rate of the first frame. */
export function mp3Seconds(file: Buffer, length: number): number | null {
  const start = tagBytes(file);
  for (let at = start; at + 4 <= Math.min(file.length, start + SEARCHED_BYTES); at++) {
    if (file[at] !== 0xff || ((file[at + 1] ?? 0) & 0xe6) !== 0xe2) continue;
    const seconds = secondsFrom(file, at, length);
    if (seconds !== null) return seconds;
  }
  return null;
}

/** `at`: the header of a frame of layer III. */
function secondsFrom(file: Buffer, at: number, length: number): number | null {
  const version = ((file[at + 1] ?? 0) >> 3) & 3;
  const isFirst = version === 3;
  const bits = (isFirst ? RATES_1 : RATES_2)[(file[at + 2] ?? 0) >> 4];
  const hertz = SAMPLE_RATES[((file[at + 2] ?? 0) >> 2) & 3];
  if (!bits || !hertz || version === 1) return null;
  const sampleRate = isFirst ? hertz : version === 2 ? hertz / 2 : hertz / 4;
  const frame = file.subarray(at, at + 256);
  const xing = Math.max(frame.indexOf("Xing"), frame.indexOf("Info"));
  if (xing !== -1 && xing + 12 <= frame.length && (frame.readUInt32BE(xing + 4) & 1) === 1) {
    return (frame.readUInt32BE(xing + 8) * (isFirst ? 1_152 : 576)) / sampleRate;
  }
  return ((length - at) * 8) / (bits * 1_000);
}
