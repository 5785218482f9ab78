import { writeFileSync } from "node:fs";
import { buildCatalogue } from "./catalogue/build-catalogue";
import { reviewTable } from "./catalogue/review-table";
import { serialize } from "./catalogue/serialize";

const FILE = new URL("../db/catalogue.json", import.meta.url);

/** Writes db/catalogue.json anew. Read its diff before committing it: what it says is what callers are billed. */
function main() {
  const catalogue = buildCatalogue();
  writeFileSync(FILE, serialize(catalogue));
  const endpoints = catalogue.models.reduce((count, model) => count + model.endpoints.length, 0);
  console.log(`db/catalogue.json: ${catalogue.models.length} models, ${endpoints} endpoints`);
  if (process.argv.includes("--table")) console.log(reviewTable(catalogue));
}

main();
