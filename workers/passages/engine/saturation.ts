/** BM25's saturation and the weight of a passage's length. */
const saturation = 1.5;
const lengthWeight = 0.75;

/** A count within a passage, saturated and set against the passage's length: 0 to 1. */
export function saturated(count: number, length: number, averageLength: number): number {
  return count / (count + saturation * (1 - lengthWeight + (lengthWeight * length) / averageLength));
}
