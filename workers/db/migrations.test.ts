import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { beginAfresh, migrations, statementsOf } from "../testing/fresh-database.ts";

/** Applies the migrations up to and with the one whose name begins with `last`, each onto what is there. */
const migrateTo = async (last: string) =>
  applyD1Migrations(env.DB, migrations.slice(0, migrations.findIndex(({ name }) => name.startsWith(last)) + 1));

const run = (...statements: string[]) => env.DB.batch(statements.map((sql) => env.DB.prepare(sql)));
const rows = async (sql: string) => (await env.DB.prepare(sql).all()).results;
const applied = () => rows("SELECT id, name FROM d1_migrations ORDER BY id");
const names = (count: number) => migrations.slice(0, count).map(({ name }, at) => ({ id: at + 1, name }));

describe("the chain of migrations", () => {
  beforeEach(reset);

  it("applies each migration onto the one before, and none twice", async () => {
    for (const [at, { name }] of migrations.entries()) {
      await migrateTo(name);
      expect(await applied(), name).toEqual(names(at + 1));
      expect(await rows("PRAGMA foreign_key_check"), name).toEqual([]);
    }
    const made = await statementsOf(env.DB);
    await applyD1Migrations(env.DB, migrations);
    expect(await statementsOf(env.DB)).toEqual(made);
  });

  it("makes what every other test begins with", async () => {
    await applyD1Migrations(env.DB, migrations);
    const withoutTimes = (statements: string[]) => statements.map((sql) => sql.replace(/'\d{4}-[\d: -]+'/g, "'then'"));
    const made = withoutTimes(await statementsOf(env.DB));
    await beginAfresh();
    expect(withoutTimes(await statementsOf(env.DB))).toEqual(made);
  });
});

describe("an installation of the first version", () => {
  beforeEach(async () => {
    await reset();
    await migrateTo("0000");
    const document = (id: string, clone: string, sha256: string, stage: string) =>
      `INSERT INTO documents (id, workspace_id, clone_id, filename, media_type, kind, bytes, sha256, storage_key, status, stage, created_at, updated_at)
       VALUES ('${id}', 'ws_1', '${clone}', '${id}.txt', 'text/plain', 'text', 3, '${sha256}', 'key_${id}', 'indexed', ${stage}, 1, 1)`;
    const config = (clone: string, size: number, overlap: number) =>
      `INSERT INTO pipeline_configs VALUES ('${clone}', 'ws_1', ${size}, ${overlap}, 7)`;
    const clone = (id: string) =>
      `INSERT INTO clones (id, workspace_id, slug, name, created_by, created_at, updated_at) VALUES ('${id}', 'ws_1', '${id}', 'Mentor', 'user_1', 1, 1)`;
    const step = (run: string, name: string, status: string) =>
      `INSERT INTO pipeline_steps (run_id, step, status) VALUES ('${run}', '${name}', '${status}')`;
    await run(
      "INSERT INTO users (id, name, email, created_at, updated_at) VALUES ('user_1', 'Ada', 'ada@example.com', 1, 1)",
      "INSERT INTO workspaces VALUES ('ws_1', 'Ada’s', 'personal', 'user_1', 1)",
      "INSERT INTO members VALUES ('ws_1', 'user_1', 'owner', 1)",
      ...["clone_1", "clone_2", "clone_3"].map(clone),
      config("clone_1", 2000, 400),
      config("clone_2", 100, 400),
      config("clone_3", 8000, 0),
      document("doc_1", "clone_1", "aa", "NULL"),
      document("doc_2", "clone_1", "aa", "'embed'"),
      document("doc_3", "clone_2", "aa", "'parse'"),
      "INSERT INTO pipeline_runs VALUES ('run_1', 'ws_1', 'doc_1', 'succeeded', 1, 2), ('run_2', 'ws_1', 'doc_2', 'running', 1, NULL)",
      ...["parse", "chunk", "embed", "index"].map((name) => step("run_1", name, "succeeded")),
      step("run_2", "parse", "running"),
      `INSERT INTO conversations (id, workspace_id, user_id, clone_id, title, created_at, updated_at)
       VALUES ('conv_1', 'ws_1', 'user_1', 'clone_1', 'Quinces', 1, 1)`,
      `INSERT INTO messages (id, conversation_id, workspace_id, role, content, status, created_at)
       VALUES ('msg_1', 'conv_1', 'ws_1', 'user', 'When are quinces ripe?', 'complete', 1)`,
    );
    await applyD1Migrations(env.DB, migrations);
  });

  it("keeps everything that people made", async () => {
    for (const [table, count] of Object.entries({
      users: 1,
      workspaces: 1,
      members: 1,
      clones: 3,
      documents: 3,
      messages: 1,
    }))
      expect(await rows(`SELECT count(*) AS n FROM ${table}`), table).toEqual([{ n: count }]);
    expect(await rows("PRAGMA foreign_key_check")).toEqual([]);
  });

  it("finds messages of before, whose words can still be taken out again", async () => {
    const found = () => rows("SELECT content FROM message_search WHERE message_search MATCH 'quince'");
    expect(await found()).toEqual([{ content: "When are quinces ripe?" }]);
    await run("DELETE FROM messages");
    expect(await found()).toEqual([]);
  });

  it("tells the same bytes in one clone apart, and lets them in no third time", async () => {
    expect(await rows("SELECT id, sha256 FROM documents ORDER BY id")).toEqual([
      { id: "doc_1", sha256: "aa" },
      { id: "doc_2", sha256: "aa:doc_2" },
      { id: "doc_3", sha256: "aa" },
    ]);
    await expect(run("UPDATE documents SET sha256 = 'aa' WHERE id = 'doc_2'")).rejects.toThrow("UNIQUE");
  });

  it("turns sizes in characters into sizes in words, within their bounds", async () => {
    const made = await rows("SELECT clone_id, config, chunking, updated_at FROM clone_pipelines ORDER BY clone_id");
    const chunking = (size: number, overlap: number) => ({ chunking: { strategy: "structure", size, overlap } });
    expect(made.map((each) => [JSON.parse(String(each.config)), each.chunking, each.updated_at])).toEqual([
      [chunking(500, 100), "structure/500/100", 7],
      [chunking(50, 25), "structure/50/25", 7],
      [chunking(1000, 0), "structure/1000/0", 7],
    ]);
  });

  it("knows the steps of its runs by their names of now", async () => {
    expect(await rows("SELECT run_id, step, status, deaths FROM pipeline_steps ORDER BY run_id, step")).toEqual([
      ...["chunking", "embedding", "enrichment", "metadata", "partition", "storage"].map((step) => ({
        run_id: "run_1",
        step,
        status: "succeeded",
        deaths: 0,
      })),
      { run_id: "run_2", step: "enrichment", status: "waiting", deaths: 0 },
      { run_id: "run_2", step: "metadata", status: "waiting", deaths: 0 },
      { run_id: "run_2", step: "partition", status: "running", deaths: 0 },
    ]);
    expect(await rows("SELECT id, stage, access FROM documents ORDER BY id")).toEqual([
      { id: "doc_1", stage: null, access: "public" },
      { id: "doc_2", stage: "embedding", access: "public" },
      { id: "doc_3", stage: "partition", access: "public" },
    ]);
  });
});
