// Writes the table in datasets/README.md from the registry in the code.
import { readFileSync, writeFileSync } from "node:fs";
import { datasetTable } from "../lib/notebook/datasetRegistry.ts";

const file = "datasets/README.md";
const [before, after] = readFileSync(file, "utf8").split(/<!-- table -->[\s\S]*<!-- \/table -->/);
writeFileSync(file, `${before}<!-- table -->\n${datasetTable()}\n<!-- /table -->${after}`);
