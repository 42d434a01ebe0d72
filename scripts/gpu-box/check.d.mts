/** What one step found: how it is, and where that is not good, what to do. */
export interface Finding {
  state: "good" | "doubtful" | "wrong";
  what: string;
  fix?: string;
}
interface Box {
  address: string;
  model?: string;
  id?: string;
  secret?: string;
}
export declare function checkBox(box: Box, say?: (finding: Finding) => void): Promise<Finding[]>;
