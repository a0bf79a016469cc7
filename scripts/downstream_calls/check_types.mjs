// Takes the comment out of a file that would keep the compiler from checking its types.
import { readFileSync, writeFileSync } from "node:fs";

const file = process.argv[2];
writeFileSync(file, readFileSync(file, "utf8").replace("// @ts-nocheck", ""));
