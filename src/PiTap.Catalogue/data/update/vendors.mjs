// Makes the set of vendors: to whom the IEEE assigned the first 24, 28 or 36 bits of MAC addresses.
import { Bytes, Texts, compare, packedFile } from "./packed-file.mjs";

const kind = 3;
const classes = { 6: 0n, 7: 1n, 9: 2n };
// Holds blocks of 24 bits that are assigned further in parts: whoever has such a part is listed by it.
const registry = "IEEE Registration Authority";

export function packVendors(packages) {
  const entries = Object.entries(JSON.parse(packages.text("vendors", "index.json")))
    .map(([digits, text]) => ({ digits, name: text.split("\n")[0].trim() }))
    .filter(({ name }) => name !== "" && name !== registry);
  const texts = new Texts();
  // By name, so that what is shown together stands together.
  for (const name of [...new Set(entries.map(({ name }) => name))].sort(compare)) texts.add(name);
  const keys = entries.map(({ digits, name }) => {
    if (!/^[0-9A-F]+$/.test(digits) || !(digits.length in classes)) throw new Error(`vendors: '${digits}' is no assignment`);
    return (BigInt(`0x${digits.padEnd(9, "0")}`) << 28n) | (classes[digits.length] << 24n) | BigInt(texts.add(name));
  });
  const table = new Bytes();
  for (const key of keys.sort(compare)) table.u64(key);
  return packedFile(kind, packages.describe("vendors"), keys.length, [table.take(), texts.take()]);
}
