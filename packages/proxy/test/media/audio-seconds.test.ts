import { expect, test } from "vitest";
import { audioSecondsMax } from "../../src/wires/media/audio-seconds.ts";

const bytes = (length: number, writes: (buffer: Buffer) => void): Buffer => {
  const buffer = Buffer.alloc(length);
  writes(buffer);
  return buffer;
};

test("WAV: from the bytes per second in its header, also after another chunk", () => {
  const wav = bytes(16_000, (buffer) => {
    buffer.write("RIFF____WAVEJUNK", "latin1");
    buffer.writeUInt32LE(4, 16);
    buffer.write("fmt ", 24, "latin1");
    buffer.writeUInt32LE(16, 28);
    buffer.writeUInt32LE(8_000, 40);
  });
  expect(audioSecondsMax(wav)).toBe(2);
});

test("WAV: a header whose bytes per second are too high does not make the sound shorter", () => {
  const wav = bytes(64_000, (buffer) => {
    buffer.write("RIFF____WAVEfmt ", "latin1");
    buffer.writeUInt32LE(16, 16);
    buffer.writeUInt16LE(1, 20);
    buffer.writeUInt16LE(1, 22);
    buffer.writeUInt32LE(16_000, 24);
    buffer.writeUInt32LE(4_000_000_000, 28);
    buffer.writeUInt16LE(16, 34);
  });
  expect(audioSecondsMax(wav)).toBe(2);
});

test("FLAC: from its number of samples", () => {
  const flac = bytes(5_000, (buffer) => {
    buffer.write("fLaC", "latin1");
    buffer.writeUIntBE(44_100 << 4, 18, 3);
    buffer.writeUInt32BE(441_000, 22);
  });
  expect(audioSecondsMax(flac)).toBe(10);
});

test.each([[100], [600_000]])("MP4: from its box of the whole file, at byte %i", (at) => {
  const mp4 = bytes(700_000, (buffer) => {
    buffer.write("ftyp", 4, "latin1");
    buffer.write("mvhd", at, "latin1");
    buffer.writeUInt32BE(1_000, at + 16);
    buffer.writeUInt32BE(61_500, at + 20);
  });
  expect(audioSecondsMax(mp4)).toBe(62);
});

test("Ogg: from the position of its last page", () => {
  const ogg = bytes(9_000, (buffer) => {
    buffer.write("OggS", "latin1");
    buffer.write("OpusHead", 28, "latin1");
    buffer.write("OggS", 8_000, "latin1");
    buffer.writeBigInt64LE(48_000n * 7n, 8_006);
  });
  expect(audioSecondsMax(ogg)).toBe(7);
});

/** The header of a frame: MPEG 1, layer III, 128 kbit/s, 44,100 Hz. */
const FRAME = Buffer.from([0xff, 0xfb, 0x90, 0x00]);

test("MP3: from the bit rate of its first frame, after a tag", () => {
  const mp3 = bytes(10 + 100 + 160_000, (buffer) => {
    buffer.write("ID3", "latin1");
    buffer.writeUInt8(100, 9);
    FRAME.copy(buffer, 110);
  });
  expect(audioSecondsMax(mp3)).toBe(10);
});

test("MP3 with a variable bit rate: from its number of frames", () => {
  const mp3 = bytes(50_000, (buffer) => {
    FRAME.copy(buffer);
    buffer.write("Xing", 36, "latin1");
    buffer.writeUInt32BE(1, 40);
    buffer.writeUInt32BE(383, 44);
  });
  // 383 frames of 1,152 samples
  expect(audioSecondsMax(mp3)).toBe(11);
});

test("anything else: from its size at the lowest bit rate", () => {
  expect(audioSecondsMax(Buffer.alloc(7_500))).toBe(10);
  expect(audioSecondsMax(Buffer.alloc(0))).toBe(0);
  for (const beginning of ["RIFF____WAVE", "fLaC", "____ftyp", "OggS", "ID3"]) {
    expect(audioSecondsMax(Buffer.from(beginning.padEnd(750, "_")))).toBe(1);
  }
});
