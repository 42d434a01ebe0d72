import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What one piece of work may take before its process is ended. */
export interface ReaderLimits {
  /** Seconds of processor time without a sign of life. */
  silentCpuSeconds: number;
  /** Seconds of processor time in all, and what each megabyte of the file adds. */
  cpuSeconds: number;
  cpuSecondsPerMegabyte: number;
  /** Seconds without a sign of life, whatever the processor did. */
  silentSeconds: number;
  /** Resident memory. */
  megabytes: number;
}

export const defaultLimits: ReaderLimits = {
  silentCpuSeconds: 8,
  cpuSeconds: 25,
  cpuSecondsPerMegabyte: 4,
  silentSeconds: 60,
  megabytes: 640,
};

const watchEveryMs = 200;

/** What ended a process: its work, or that nobody waits for it any more. */
export type Death = "time" | "memory" | "crash" | "left";

/** Processor time in seconds and resident memory in megabytes of a process; null where it is gone. */
export function usageOf(pid: number): { cpuSeconds: number; megabytes: number } | null {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // In clock ticks, which are hundredths of a second, and in pages of 4 KB.
      return {
        cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
        megabytes: (Number(fields[21]) * 4) / 1024,
      };
    } catch {
      // Ended between two looks.
      return null;
    }
  }
  const { stdout } = spawnSync("ps", ["-o", "time=,rss=", "-p", String(pid)], { encoding: "utf8" });
  const [time, rss] = stdout?.trim().split(/\s+/) ?? [];
  if (!time || !rss) return null;
  const cpuSeconds = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpuSeconds, megabytes: Number(rss) / 1024 };
}

/** A process that can be looked at and ended. */
interface Watched {
  usage(): { cpuSeconds: number; megabytes: number } | null;
  kill(): void;
}

/** Ends a process whose work takes too much, and says what of. Returns what stops the watching. */
export function watch(reader: Watched, limits: ReaderLimits, bytes: number, onDeath: (death: Death) => void) {
  const began = reader.usage()?.cpuSeconds ?? 0;
  const most = limits.cpuSeconds + (bytes / 1_000_000) * limits.cpuSecondsPerMegabyte;
  let alive = { cpuSeconds: began, at: Date.now() };
  const end = (death: Death) => {
    onDeath(death);
    reader.kill();
  };
  const timer = setInterval(() => {
    const usage = reader.usage();
    if (!usage) return;
    const { cpuSeconds, megabytes } = usage;
    if (megabytes > limits.megabytes) return end("memory");
    const isSilent =
      cpuSeconds - alive.cpuSeconds > limits.silentCpuSeconds || Date.now() - alive.at > limits.silentSeconds * 1_000;
    if (isSilent || cpuSeconds - began > most) end("time");
  }, watchEveryMs);
  return {
    alive() {
      alive = { cpuSeconds: reader.usage()?.cpuSeconds ?? alive.cpuSeconds, at: Date.now() };
    },
    stop: () => clearInterval(timer),
  };
}
