// Makes the sets by address: countries that addresses are hosted in, from two sources, and autonomous systems.
import { readMmdb } from "./mmdb.mjs";
import { Bytes, Texts, compare, packedFile } from "./packed-file.mjs";
import { packFamilies, parseAddress, toNetworks64, toSteps, v4Count, v6Count } from "./ranges.mjs";

const kinds = { countries: 1, networks: 2, networkCountries: 4 };
const countryPattern = /^[A-Z]{2}$/;
// "Unknown", and a country that ended in 2010, of which the successor cannot be told.
const noCountries = ["ZZ", "AN"];

const steps4 = (ranges) => toSteps(ranges, v4Count);
const steps6 = (ranges) => toNetworks64(toSteps(ranges, 1n << 128n));

function readCountries(packages, set) {
  const name = packages.describe(set).package.split("/")[1].replace(/-mmdb$/, "");
  return ["ipv4", "ipv6"].map((family) =>
    readMmdb(packages.path(set, `${name}-${family}.mmdb`)).map(([first, last, record]) => {
      const code = record.country_code;
      if (!countryPattern.test(code)) throw new Error(`${set}: '${code}' is no country`);
      return [first, last, noCountries.includes(code) ? "" : code];
    }));
}

// Codes, the most frequent first: the first 127 take a byte in a row.
function rank(codes) {
  const counts = new Map();
  for (const code of codes) if (code !== "") counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || compare(a, b));
}

export function packCountries(packages, set) {
  const [v4, v6] = readCountries(packages, set);
  const families = [steps4(v4), steps6(v6)];
  const codes = rank(families.flat().map(([, code]) => code));
  const numbers = new Map(codes.map((code, index) => [code, index + 1]));
  const sections = [Buffer.from(codes.join(""), "latin1"), ...packFamilies(...families, (code) => numbers.get(code))];
  return packedFile(kinds.countries, packages.describe(set), families[0].length + families[1].length, sections);
}

// first, last, number, name; the name stands between quotation marks where it has a comma.
function readNetworks(packages, family) {
  return packages.text("networks", `asn-${family}.csv`).trimEnd().split("\n").map((line) => {
    const fields = /^([^,]+),([^,]+),(\d+),(?:"((?:[^"]|"")*)"|([^"]*))$/.exec(line);
    if (fields === null) throw new Error(`asn-${family}.csv: ${line}`);
    return [parseAddress(fields[1]), parseAddress(fields[2]), Number(fields[3]), (fields[4] ?? fields[5]).replaceAll('""', '"').trim()];
  });
}

// For each number the country that holds for most of its addresses, by the source that says where systems are registered. It says one for all of them, but
// for a few systems in a hundred.
function countriesOfNumbers(steps, countries, count) {
  const votes = new Map();
  let at = 0;
  steps.forEach(([first, number], index) => {
    if (number === "") return;
    const end = steps[index + 1]?.[0] ?? count;
    while (at + 1 < countries.length && countries[at + 1][0] <= first) at++;
    for (let i = at; i < countries.length && countries[i][0] < end; i++) {
      const [from, code] = countries[i];
      const to = countries[i + 1]?.[0] ?? count;
      if (code === "" || to <= first) continue;
      const ofNumber = votes.get(number) ?? votes.set(number, new Map()).get(number);
      ofNumber.set(code, (ofNumber.get(code) ?? 0n) + (to < end ? to : end) - (from > first ? from : first));
    }
  });
  const winner = (codes) => [...codes].sort((a, b) => compare(b[1], a[1]) || compare(a[0], b[0]))[0][0];
  return new Map([...votes].map(([number, codes]) => [number, winner(codes)]));
}

// The steps of both families, and the name of each number.
function readNetworkSteps(packages) {
  const rows = ["ipv4", "ipv6"].map((family) => readNetworks(packages, family));
  const names = new Map();
  for (const [, , number, name] of rows.flat()) if (!names.has(number) || names.get(number) === "") names.set(number, name);
  return { families: [steps4(rows[0]), steps6(rows[1])], names };
}

export function packNetworks(packages) {
  const { families, names } = readNetworkSteps(packages);
  const numbers = [...new Set(families.flat().map(([, number]) => number))].filter((number) => number !== "").sort((a, b) => a - b);
  const texts = new Texts();
  const table = new Bytes();
  for (const number of numbers) {
    table.u32(number);
    table.u32(texts.add(names.get(number)));
  }
  const places = new Map(numbers.map((number, index) => [number, index + 1]));
  const sections = [table.take(), texts.take(), ...packFamilies(...families, (number) => places.get(number))];
  return packedFile(kinds.networks, packages.describe("networks"), families[0].length + families[1].length, sections);
}

export function packNetworkCountries(packages) {
  const { families } = readNetworkSteps(packages);
  const [v4, v6] = readCountries(packages, "network-countries");
  // By IPv4, and by IPv6 only where a system has no other addresses.
  const countries = new Map([
    ...countriesOfNumbers(families[1], steps6(v6), v6Count),
    ...countriesOfNumbers(families[0], steps4(v4), v4Count),
  ]);
  const table = new Bytes();
  for (const [number, code] of [...countries].sort((a, b) => a[0] - b[0])) {
    table.u32(number);
    table.bytes(Buffer.from(code, "latin1"));
  }
  return packedFile(kinds.networkCountries, packages.describe("network-countries"), countries.size, [table.take()]);
}
