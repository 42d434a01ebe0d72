import { afterEach, beforeEach } from "vitest";
import { allCounted, noteCounting } from "./counting.ts";
import { beginAfresh } from "./fresh-database.ts";

noteCounting();
beforeEach(beginAfresh);
afterEach(allCounted);
