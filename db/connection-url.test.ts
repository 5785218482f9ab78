import { expect, test } from "vitest";
import { connectionUrl, isPooled } from "./connection-url";

test.each([
  ["postgres://u:p@h/db", "postgres://u:p@h/db"],
  ["postgres://u:p@h/db?sslmode=require&channel_binding=require", "postgres://u:p@h/db?sslmode=require"],
  ["postgres://u:p@h:6543/db?pgbouncer=true&connection_limit=1", "postgres://u:p@h:6543/db"],
  ["postgres://u:p@h/db?sslrootcert=system", "postgres://u:p@h/db?sslmode=verify-full"],
  ["postgres://u:p@%2Ftmp%2Fsocket/db", "postgres://u:p@%2Ftmp%2Fsocket/db"],
])("%s is understood as %s", (given, understood) => expect(connectionUrl(given)).toBe(understood));

test.each<[string, string | undefined, boolean]>([
  ["postgres://u:p@h/db", undefined, false],
  ["postgres://app:p@h/db", "postgres://owner:q@h/db", false],
  ["postgres://u:p@h-pooler/db", "postgres://u:p@h/db", true],
  ["postgres://u:p@h:6432/db", "postgres://u:p@h:5432/db", true],
  ["postgres://u:p@h:6543/db?pgbouncer=true", undefined, true],
])("%s beside %s: through a pooler? %s", (url, direct, pooled) => expect(isPooled(url, direct)).toBe(pooled));
