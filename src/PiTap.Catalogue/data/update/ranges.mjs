// Ranges of addresses, each with a value, as sections of a packed set.
import { Bytes } from "./packed-file.mjs";

export const v4Count = 1n << 32n;
export const v6Count = 1n << 64n;

const blockRows = 64;

// An IPv4 address as a number, an IPv6 address as one of 128 bits.
export function parseAddress(text) {
  if (!text.includes(":")) return text.split(".").reduce((value, part) => (value << 8n) | BigInt(part), 0n);
  const [left, right] = text.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const groups = right === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill("0"), ...right];
  if (groups.length !== 8) throw new Error(`no address: ${text}`);
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

// Ranges as steps: [first address, value], where a value holds until the next step, and "" says that nothing is known. Where ranges overlap, the one
// that begins last holds; of two that begin together, the one that is listed last.
export function toSteps(ranges, count) {
  const steps = [];
  const open = [];
  const put = (first, value) => {
    if (steps.length > 0 && steps.at(-1)[0] === first) steps.pop();
    if ((steps.at(-1)?.[1] ?? "") !== value) steps.push([first, value]);
  };
  const closeUpTo = (limit) => {
    while (open.length > 0 && open.at(-1)[0] < limit) {
      const [end] = open.pop();
      while (open.length > 0 && open.at(-1)[0] <= end) open.pop();
      if (end + 1n < count) put(end + 1n, open.at(-1)?.[1] ?? "");
    }
  };
  let previous = 0n;
  for (const [first, last, value] of ranges) {
    if (first < previous || last < first) throw new Error(`ranges are not sorted at ${first}`);
    previous = first;
    closeUpTo(first);
    put(first, value);
    open.push([last, value]);
  }
  closeUpTo(count);
  return steps;
}

// IPv6 is kept by /64: each network of that size takes what is said of its first address.
export function toNetworks64(steps) {
  const networks = new Map();
  for (const [first, value] of steps) networks.set((first + (1n << 64n) - 1n) >> 64n, value);
  const kept = [];
  for (const [first, value] of networks) if (first < v6Count && (kept.at(-1)?.[1] ?? "") !== value) kept.push([first, value]);
  return kept;
}

// A family's steps: an index with an entry for each block of rows (first address, where its rows begin), and the rows. A row is the distance from the row
// before and the value, each as a varint; of a block's first row, the value alone. Shifts are the units that distances may be in, the coarsest first.
export function packSteps(steps, shifts, numberOf, writeAddress) {
  const index = new Bytes();
  const rows = new Bytes();
  const unitBits = BigInt(Math.ceil(Math.log2(shifts.length)));
  let previous = 0n;
  steps.forEach(([first, value], row) => {
    if (row % blockRows === 0) {
      writeAddress(index, first);
      index.u32(rows.length);
    } else {
      const distance = first - previous;
      const unit = shifts.findIndex((shift) => (distance & ((1n << shift) - 1n)) === 0n);
      if (distance >> shifts[unit] >> (64n - unitBits) !== 0n) throw new Error(`too far from one step to the next at ${first}`);
      rows.varint(((distance >> shifts[unit]) << unitBits) | BigInt(unit));
    }
    rows.varint(value === "" ? 0 : numberOf(value));
    previous = first;
  });
  return [index.take(), rows.take()];
}

// Both families as four sections.
export function packFamilies(v4, v6, numberOf) {
  return [
    ...packSteps(v4, [8n, 0n], numberOf, (index, first) => index.u32(Number(first))),
    ...packSteps(v6, [32n, 16n, 8n, 0n], numberOf, (index, first) => index.u64(first)),
  ];
}
