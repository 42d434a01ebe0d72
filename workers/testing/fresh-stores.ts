import { beforeEach } from "vitest";
import { beginAfresh } from "./fresh-database.ts";

beforeEach(beginAfresh);
