import { spawn } from "node:child_process";

export interface Check {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
}

interface Ran {
  name: string;
  passed: boolean;
}

/** Runs one check to its end, and prints what it said in one piece, as others may be running beside it. */
function run({ name, command, args, env = {} }: Check): Promise<Ran> {
  const started = performance.now();
  console.log(`── ${name} …`);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
    const end = (passed: boolean) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const output = Buffer.concat(said).toString().trim();
      if (output) console.log(`\n${output}\n`);
      console.log(`── ${name}: ${passed ? "passed" : "FAILED"} in ${seconds} s`);
      resolve({ name, passed });
    };
    child.once("error", (error) => {
      said.push(Buffer.from(String(error)));
      end(false);
    });
    child.once("close", (status) => end(status === 0));
  });
}

/** Runs checks in their order, `atOnce` of them side by side. Failing ones stop no other, so that one run shows all that is wrong. */
export async function runChecks(checks: readonly Check[], atOnce: number): Promise<Ran[]> {
  const waiting = [...checks];
  const ran: Ran[] = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) ran.push(await run(next));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return ran;
}
