// Reads MaxMind's database format (https://maxmind.github.io/MaxMind-DB/), as far as databases of countries use it.
import { readFileSync } from "node:fs";

const marker = Buffer.from("\xab\xcd\xefMaxMind.com", "latin1");
const types = { pointer: 1, text: 2, double: 3, bytes: 4, u16: 5, u32: 6, map: 7, i32: 8, u64: 9, u128: 10, array: 11, bool: 14 };

function decoder(file, base) {
  const read = (offset) => {
    let control = file[offset++];
    let type = control >> 5;
    if (type === types.pointer) {
      const size = (control >> 3) & 3;
      const low = control & 7;
      const value = size === 3 ? file.readUInt32BE(offset)
        : [(low << 8) | file[offset], ((low << 16) | file.readUInt16BE(offset)) + 2048, ((low << 24) | file.readUIntBE(offset, 3)) + 526336][size];
      return [read(base + value)[0], offset + size + 1];
    }
    if (type === 0) type = 7 + file[offset++];
    let size = control & 31;
    if (size === 29) size = 29 + file[offset++];
    else if (size > 29) throw new Error("longer than a country's name");
    if (type === types.map) {
      const map = {};
      for (let i = 0; i < size; i++) {
        const [key, after] = read(offset);
        [map[key], offset] = read(after);
      }
      return [map, offset];
    }
    if (type === types.array) {
      const array = [];
      for (let i = 0; i < size; i++) {
        const [item, after] = read(offset);
        array.push(item);
        offset = after;
      }
      return [array, offset];
    }
    const bytes = file.subarray(offset, offset + size);
    if (type === types.text) return [bytes.toString("utf8"), offset + size];
    if ([types.u16, types.u32, types.u64, types.u128].includes(type)) return [Number(`0x${bytes.toString("hex") || "0"}`), offset + size];
    throw new Error(`a value of type ${type} is not expected`);
  };
  return read;
}

// All networks of a database of one family, in order of addresses: [first, last, record].
export function readMmdb(path) {
  const file = readFileSync(path);
  const metadataAt = file.lastIndexOf(marker) + marker.length;
  const [{ node_count: nodes, record_size: bits, ip_version: version }] = decoder(file, metadataAt)(metadataAt);
  const nodeBytes = bits / 4;
  const dataAt = nodes * nodeBytes + 16;
  const read = decoder(file, dataAt);
  const records = new Map();
  const recordAt = (offset) => {
    if (!records.has(offset)) records.set(offset, read(offset)[0]);
    return records.get(offset);
  };
  const child = (node, side) => {
    const at = node * nodeBytes;
    if (bits === 24) return file.readUIntBE(at + 3 * side, 3);
    if (bits === 32) return file.readUInt32BE(at + 4 * side);
    return side === 0 ? ((file[at + 3] >> 4) << 24) | file.readUIntBE(at, 3) : ((file[at + 3] & 15) << 24) | file.readUIntBE(at + 4, 3);
  };
  const ranges = [];
  const walk = (node, first, size) => {
    if (node > nodes) ranges.push([first, first + (1n << size) - 1n, recordAt(node - nodes - 16 + dataAt)]);
    else if (node < nodes)
      for (const side of [0, 1]) walk(child(node, side), first | (BigInt(side) << (size - 1n)), size - 1n);
  };
  walk(0, 0n, version === 4 ? 32n : 128n);
  return ranges;
}
