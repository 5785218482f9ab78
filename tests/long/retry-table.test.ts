import { holdsFor, retryCases } from "../retry-table";

holdsFor({ alone: retryCases, two: retryCases });
