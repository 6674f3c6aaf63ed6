// What sets.json says of the sets, held against the packages that are installed.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export class Packages {
  #modules;
  #sets = JSON.parse(readFileSync(new URL("sets.json", import.meta.url), "utf8"));

  constructor(modules) {
    this.#modules = modules;
  }

  // What is written into a set's file.
  describe(set) {
    const description = this.#sets[set];
    const { version } = JSON.parse(readFileSync(this.path(set, "package.json"), "utf8"));
    if (version !== description.version)
      throw new Error(`${description.package} is version ${version}; sets.json says ${description.version}: change version and date there`);
    return { set, ...description };
  }

  path(set, ...parts) {
    return join(this.#modules, this.#sets[set].package, ...parts);
  }

  text(set, ...parts) {
    return readFileSync(this.path(set, ...parts), "utf8");
  }
}

// The head of a set that is text.
export const head = (description) => Object.entries(description).map(([key, value]) => `# ${key}: ${value}\n`).join("");
