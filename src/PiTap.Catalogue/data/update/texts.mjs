// Makes the sets that are text: companies of domains, names of countries, public suffixes.
import { pathToFileURL, domainToASCII } from "node:url";
import { compare } from "./packed-file.mjs";
import { head } from "./packages.mjs";

// The package's categories by the words of parties/README.md; "-" where none of them says the same.
const categories = {
  ad: "ads", analytics: "analytics", cdn: "cdn", "customer-success": "engagement", hosting: "cloud", marketing: "engagement", social: "social", video: "media",
  "consent-provider": "consent", content: "-", other: "-", "tag-manager": "-", utility: "-",
};

const line = (fields) => {
  for (const field of fields) if (field === "" || field.trim() !== field || /[\t\n\r]/.test(field)) throw new Error(`not a field: '${field}'`);
  return fields.join("\t") + "\n";
};

export function makeThirdPartyWeb(packages) {
  const rows = new Map();
  for (const { name, company, category, domains } of JSON.parse(packages.text("third-party-web", "dist/entities-nostats.json"))) {
    if (!(category in categories)) throw new Error(`third-party-web: category '${category}' is new: texts.mjs has to place it`);
    for (const domain of domains) {
      const match = domain.toLowerCase();
      // A few are addresses, which change hands.
      if (/\.\d+$/.test(match)) continue;
      const row = [match, name.trim(), (company ?? name).trim(), categories[category]];
      // A domain under two services keeps neither's name nor category, but the company if it is the same.
      const before = rows.get(match);
      if (before === undefined) rows.set(match, row);
      else if (before[2] !== row[2]) rows.set(match, null);
      else if (before[1] !== row[1]) rows.set(match, [match, row[2], row[2], before[3] === row[3] ? row[3] : "-"]);
    }
  }
  const lines = [...rows.values()].filter((row) => row !== null).sort((a, b) => compare(a[0], b[0])).map(line);
  return `${head(packages.describe("third-party-web"))}# domain\tservice\tcompany\tcategory\n${lines.join("")}`;
}

export function makeCountries(packages) {
  const countries = JSON.parse(packages.text("countries", "countries.min.json"));
  const lines = Object.entries(countries).sort((a, b) => compare(a[0], b[0])).map(([code, { name }]) => line([code, name]));
  return `${head(packages.describe("countries"))}# code\tname\n${lines.join("")}`;
}

const toAscii = (rule) => {
  const mark = rule.startsWith("!") ? "!" : rule.startsWith("*.") ? "*." : "";
  const name = domainToASCII(rule.slice(mark.length));
  if (name === "") throw new Error(`not a domain: ${rule}`);
  return mark + name;
};

// Converted to ASCII and sorted, nothing else.
export async function makePublicSuffixes(packages) {
  const { default: rules } = await import(pathToFileURL(packages.path("public-suffixes", "data/rules.js")));
  const lines = [...new Set(rules.map(toAscii))].sort();
  return `${head(packages.describe("public-suffixes"))}# This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0.
# If a copy of the MPL was not distributed with this file, You can obtain one at https://mozilla.org/MPL/2.0/.
# A rule a line; "*." stands for any label, "!" for an exception.
${lines.join("\n")}\n`;
}
