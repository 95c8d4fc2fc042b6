import { mp3Seconds } from "./mp3-seconds.ts";

/** The lowest bit rate of speech in common use is 6 kbit/s (Opus). */
const BYTES_PER_SECOND_MIN = 750;
/** A header that says more than a day is not one. */
const TOLD_MAX = 86_400;
/** Headers are in the first bytes, in MP4 also in the last ones. */
export const HEAD_BYTES = 256 * 1024;
const SEARCHED_BYTES = HEAD_BYTES;

/** The end of a file of which only the start is given, and its size. */
interface Rest {
  tail: Buffer;
  length: number;
}

/**
 * The most seconds that an audio file can have: from its header if it is WAV, FLAC, MP3, MP4 or Ogg, otherwise from its
 * size at the lowest bit rate. A header can be wrong, so a file that is longer than its header is charged what the provider reports.
 */
export function audioSecondsMax(file: Buffer, rest: Rest = { tail: file, length: file.length }): number {
  const { tail, length } = rest;
  const most = Math.ceil(length / BYTES_PER_SECOND_MIN);
  const told =
    wavSeconds(file, length) ??
    flacSeconds(file) ??
    mp4Seconds(file, tail) ??
    oggSeconds(file, tail) ??
    mp3Seconds(file, length);
  return told === null || told > TOLD_MAX ? most : Math.ceil(told);
}

const tag = (file: Buffer, at: number): string => file.toString("latin1", at, at + 4);

function wavSeconds(file: Buffer, length: number): number | null {
  if (file.length < 44 || tag(file, 0) !== "RIFF" || tag(file, 8) !== "WAVE") return null;
  for (let at = 12; at + 20 <= Math.min(file.length, SEARCHED_BYTES); ) {
    const size = file.readUInt32LE(at + 4);
    if (tag(file, at) === "fmt ") {
      const bytesPerSecond = wavRate(file.subarray(at + 8));
      // The size in a header may be missing in a stream, so the file's own size counts.
      return bytesPerSecond > 0 ? length / bytesPerSecond : null;
    }
    at += 8 + size + (size % 2);
  }
  return null;
}

/** Tags of formats without compression: integers, floats, and either of them with more fields. */
const PCM = new Set([1, 3, 0xfffe]);

/**
 * Bytes per second. Players of uncompressed sound calculate them from the samples and ignore the field, so the smaller value
 * counts: it means more seconds.
 */
function wavRate(format: Buffer): number {
  const told = format.readUInt32LE(8);
  if (format.length < 16 || !PCM.has(format.readUInt16LE(0))) return told;
  const real = (format.readUInt16LE(2) * format.readUInt32LE(4) * format.readUInt16LE(14)) / 8;
  return real > 0 ? Math.min(told, real) : told;
}

function flacSeconds(file: Buffer): number | null {
  if (file.length < 26 || tag(file, 0) !== "fLaC") return null;
  const sampleRate = file.readUIntBE(18, 3) >> 4;
  const samples = (file.readUInt8(21) & 0x0f) * 2 ** 32 + file.readUInt32BE(22);
  return sampleRate > 0 && samples > 0 ? samples / sampleRate : null;
}

/** MP4 and M4A: the length of the whole file is in the box `mvhd`, at the beginning or the end. */
function mp4Seconds(file: Buffer, tail: Buffer): number | null {
  if (file.length < 32 || tag(file, 4) !== "ftyp") return null;
  for (const part of [file.subarray(0, SEARCHED_BYTES), tail.subarray(-SEARCHED_BYTES)]) {
    const at = part.indexOf("mvhd");
    if (at === -1 || at + 36 > part.length) continue;
    const isLong = part[at + 4] === 1;
    const scale = part.readUInt32BE(at + (isLong ? 24 : 16));
    const length = isLong ? Number(part.readBigUInt64BE(at + 28)) : part.readUInt32BE(at + 20);
    return scale > 0 && length > 0 ? length / scale : null;
  }
  return null;
}

const OPUS_RATE = 48_000;

/** Ogg: the last page has the number of samples until its end. */
function oggSeconds(file: Buffer, end: Buffer): number | null {
  if (file.length < 64 || tag(file, 0) !== "OggS") return null;
  const tail = end.subarray(-SEARCHED_BYTES);
  const page = tail.lastIndexOf("OggS");
  if (page === -1 || page + 14 > tail.length) return null;
  const samples = Number(tail.readBigInt64LE(page + 6));
  const vorbis = file.subarray(0, 64).indexOf("\x01vorbis");
  const rate = vorbis === -1 ? OPUS_RATE : file.readUInt32LE(vorbis + 12);
  return samples > 0 && rate > 0 ? samples / rate : null;
}
