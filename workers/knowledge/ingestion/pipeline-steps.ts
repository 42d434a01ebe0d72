import type { Stage } from "../contract.ts";
import { chunking } from "./chunking.ts";
import { embedding } from "./embedding.ts";
import { enrichment } from "./enrichment.ts";
import { metadata } from "./metadata.ts";
import { partition } from "./partition.ts";
import type { RunStep } from "./step-work.ts";
import { storage } from "./storage.ts";

/** The steps of the pipeline by name; `stages` is their order. */
export const runStep: Record<Stage, RunStep> = { partition, metadata, enrichment, chunking, embedding, storage };

/** Where each step begins and ends in the whole, for the progress that people see. */
export const stepSpan: Record<Stage, [from: number, to: number]> = {
  partition: [0, 0.35],
  metadata: [0.35, 0.36],
  enrichment: [0.36, 0.4],
  chunking: [0.4, 0.45],
  embedding: [0.45, 0.9],
  storage: [0.9, 1],
};
