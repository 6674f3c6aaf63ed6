// Writes a packed set: what README.md beside the sets describes, byte by byte.
const magic = "PiTapSet";
const formatVersion = 1;
const headBytes = 32;

// CRC-32C (RFC 9260 appendix A), the polynomial that processors compute.
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  return crc >>> 0;
});

function crc32c(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}

// A set's file: kind, what is said of it, how many rows it has, and its sections as buffers.
export function packedFile(kind, description, rows, sections) {
  const text = Buffer.from(Object.entries(description).map(([key, value]) => `${key}: ${value}\n`).join(""));
  const all = [text, ...sections];
  const first = headBytes + 8 * all.length;
  const file = Buffer.alloc(first + all.reduce((sum, section) => sum + section.length, 0));
  file.write(magic, "latin1");
  file.writeUInt16LE(formatVersion, 8);
  file.writeUInt16LE(kind, 10);
  file.writeUInt32LE(file.length, 16);
  file.writeUInt32LE(rows, 20);
  file.writeUInt32LE(all.length, 24);
  let offset = first;
  all.forEach((section, index) => {
    file.writeUInt32LE(offset, headBytes + 8 * index);
    file.writeUInt32LE(section.length, headBytes + 8 * index + 4);
    section.copy(file, offset);
    offset += section.length;
  });
  file.writeUInt32LE(crc32c(file.subarray(16)), 12);
  return file;
}

// Bytes that grow.
export class Bytes {
  #buffer = Buffer.alloc(1 << 20);
  length = 0;

  #room(count) {
    if (this.length + count > this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], 2 * this.#buffer.length);
  }

  // Seven bits a byte, lowest first; the top bit says that more follow.
  varint(value) {
    this.#room(10);
    for (value = BigInt(value); value > 0x7fn; value >>= 7n) this.#buffer[this.length++] = Number(value & 0x7fn) | 0x80;
    this.#buffer[this.length++] = Number(value);
  }

  u8(value) {
    this.#room(1);
    this.#buffer[this.length++] = value;
  }

  u16(value) {
    this.#room(2);
    this.length = this.#buffer.writeUInt16LE(value, this.length);
  }

  u32(value) {
    this.#room(4);
    this.length = this.#buffer.writeUInt32LE(value, this.length);
  }

  u64(value) {
    this.#room(8);
    this.length = this.#buffer.writeBigUInt64LE(value, this.length);
  }

  bytes(value) {
    this.#room(value.length);
    this.length += value.copy(this.#buffer, this.length);
  }

  take() {
    return this.#buffer.subarray(0, this.length);
  }
}

// Texts, each once: a byte that is its length in UTF-8, then the text. Offset 0 is the empty text.
export class Texts {
  #bytes = new Bytes();
  #offsets = new Map();

  constructor() {
    this.add("");
  }

  add(text) {
    let offset = this.#offsets.get(text);
    if (offset === undefined) {
      const utf8 = Buffer.from(text);
      if (utf8.length > 255 || /\p{Cc}/u.test(text)) throw new Error(`too long, or with control characters: ${JSON.stringify(text)}`);
      offset = this.#bytes.length;
      this.#offsets.set(text, offset);
      this.#bytes.u8(utf8.length);
      this.#bytes.bytes(utf8);
    }
    return offset;
  }

  take() {
    return this.#bytes.take();
  }
}

export const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
