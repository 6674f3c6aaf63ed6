// Makes the list of public suffixes: reads psl's rules, writes them in ASCII, sorted. Usage: node suffixes.mjs NODE_MODULES OUTPUT
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { domainToASCII, pathToFileURL } from "node:url";

const [modules, output] = process.argv.slice(2);
const { default: rules } = await import(pathToFileURL(join(modules, "psl/data/rules.js")));
const { version } = JSON.parse(readFileSync(join(modules, "psl/package.json"), "utf8"));

const toAscii = (rule) => {
  const mark = rule.startsWith("!") ? "!" : rule.startsWith("*.") ? "*." : "";
  const name = domainToASCII(rule.slice(mark.length));
  if (name === "") throw new Error(`not a domain: ${rule}`);
  return mark + name;
};

const lines = [...new Set(rules.map(toAscii))].sort();
const head = `# Public suffixes, from the Public Suffix List (https://publicsuffix.org/list/) as the npm package psl ${version} carries it.
# This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0.
# If a copy of the MPL was not distributed with this file, You can obtain one at https://mozilla.org/MPL/2.0/.
# Made by data/update/update.sh: converted to ASCII and sorted, nothing else. A rule a line; "*." stands for any label, "!" for an exception.
`;
writeFileSync(output, head + lines.join("\n") + "\n");
