import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Seconds that files of tests took when `npm test -- --record` last ran: they need not be true, only in proportion. */
const seconds = JSON.parse(readFileSync(new URL("seconds.json", import.meta.url), "utf8")) as Record<string, number>;

/** A new file is taken for one that takes a while. */
const secondsOf = (path: string) => seconds[path] ?? 5;

/** Parts files among processes so that each takes about as long: the longest first, each to who has the least to do. */
export class BalancedShards extends BaseSequencer {
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root, shard } = this.ctx.config;
    const count = shard?.count ?? 1;
    const paths = files.map((file) => ({ file, path: relative(root, file.moduleId) }));
    const longestFirst = paths.sort((a, b) => secondsOf(b.path) - secondsOf(a.path) || (a.path < b.path ? -1 : 1));
    const shards = Array.from({ length: count }, () => ({ seconds: 0, files: [] as TestSpecification[] }));
    for (const { file, path } of longestFirst) {
      const least = shards.reduce((a, b) => (b.seconds < a.seconds ? b : a));
      least.seconds += secondsOf(path);
      least.files.push(file);
    }
    return shards[(shard?.index ?? 1) - 1]?.files ?? [];
  }
}
