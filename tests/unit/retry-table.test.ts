import { WIRE_NAMES } from "../faulty-upstream/wires";
import { holdsFor, retryCases } from "../retry-table";

// Each row in one format or another, and each kind of failure where there is another endpoint; tests/long has them all.
const rows = retryCases.length / WIRE_NAMES.length;
const alone = retryCases.filter((_case, at) => Math.floor(at / rows) === (at % rows) % WIRE_NAMES.length);
const kinds = new Set<string>();
const two = alone.filter(({ failure }) => !kinds.has(failure) && kinds.add(failure));

holdsFor({ alone, two });
