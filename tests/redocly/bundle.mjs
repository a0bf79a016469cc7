// Bundles the description that the first argument names, with Redocly's bundler, into the JSON file that the second names.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [source, target] = process.argv.slice(2);
const { bundle, createConfig } = await import(createRequire(`${process.cwd()}/`).resolve("@redocly/openapi-core"));
const made = await bundle({ ref: source, config: await createConfig({}) });
for (const problem of made.problems) console.error(problem.message);
writeFileSync(target, JSON.stringify(made.bundle.parsed));
