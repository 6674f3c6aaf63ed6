// Makes all sets that come from packages. Usage: node make.mjs NODE_MODULES FOLDER
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packCountries, packNetworkCountries, packNetworks } from "./addresses.mjs";
import { Packages } from "./packages.mjs";
import { makeCountries, makePublicSuffixes, makeThirdPartyWeb } from "./texts.mjs";
import { packVendors } from "./vendors.mjs";

const [modules, folder] = process.argv.slice(2);
const packages = new Packages(modules);
const files = {
  "hosted.set": packCountries(packages, "hosted"),
  "hosted-second.set": packCountries(packages, "hosted-second"),
  "networks.set": packNetworks(packages),
  "network-countries.set": packNetworkCountries(packages),
  "vendors.set": packVendors(packages),
  "third-party-web.tsv": makeThirdPartyWeb(packages),
  "countries.tsv": makeCountries(packages),
  "public-suffixes.txt": await makePublicSuffixes(packages),
};
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
