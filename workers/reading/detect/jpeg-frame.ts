import { type FileSample, viewOf } from "./file-sample.ts";

const [startOfScan, endOfImage] = [0xda, 0xd9];
const startsFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** A segment with the picture's size is no longer: three bytes for each of four colours. */
const frameLength = 32;

/**
 * A JPEG file of nothing but the segment that tells its size, which previews and profiles of any length may stand before. Null where
 * there is none before the pixels.
 */
export function jpegFrame(sample: FileSample): Uint8Array | null {
  for (let at = 2; sample.left > frameLength; ) {
    const head = sample.read(at, 4);
    if (head.length < 4 || head[0] !== 0xff) return null;
    const marker = head[1] ?? 0;
    // Any number of fill bytes may stand before a marker.
    if (marker === 0xff) at++;
    else if (marker === startOfScan || marker === endOfImage) return null;
    else if (startsFrame(marker)) {
      const frame = sample.read(at, frameLength);
      const file = new Uint8Array(2 + frameLength);
      file.set([0xff, 0xd8]);
      file.set(frame, 2);
      return viewOf(head).getUint16(2) + 2 <= frame.length ? file : null;
    } else at += 2 + Math.max(2, viewOf(head).getUint16(2));
  }
  return null;
}
