import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Line, type Place } from "./line.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("lets in at once where nobody waits and there is room", async () => {
  const told: Place[] = [];
  await new Line().wait(
    () => true,
    (place) => told.push(place),
  );
  expect(told).toEqual([]);
});

it("lets in one after the other, and tells each where it stands", async () => {
  const line = new Line();
  let room = 0;
  const hasRoom = () => room > 0;
  const came: number[] = [];
  const told: number[][] = [[], [], []];
  const waits = [0, 1, 2].map((i) =>
    line
      .wait(hasRoom, ({ position }) => told[i]?.push(position))
      .then(() => {
        room -= 1;
        came.push(i);
      }),
  );
  await vi.advanceTimersByTimeAsync(5_000);
  expect(came).toEqual([]);
  expect(told).toEqual([[1], [2], [3]]);
  room = 1;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(came).toEqual([0]);
  expect(told).toEqual([[1], [2, 1], [3, 2]]);
  room = 2;
  await vi.advanceTimersByTimeAsync(2_000);
  await Promise.all(waits);
  expect(came).toEqual([0, 1, 2]);
  expect(line.isEmpty).toBe(true);
});

it("expects a wait by how long others have waited", async () => {
  const line = new Line();
  let room = 0;
  const waits: Promise<void>[] = [];
  let last: Place | null = null;
  for (let i = 0; i < 40; i++)
    waits.push(
      line
        .wait(
          () => room > 0,
          (place) => {
            if (i === 39) last = place;
          },
        )
        .then(() => {
          room -= 1;
        }),
    );
  for (let i = 0; i < 30; i++) {
    room = 1;
    await vi.advanceTimersByTimeAsync(1_000);
  }
  const { position, expectedWaitMs } = last as unknown as Place;
  expect(expectedWaitMs / position).toBeGreaterThan(700);
  expect(expectedWaitMs / position).toBeLessThan(1_300);
  room = 100;
  await vi.advanceTimersByTimeAsync(60_000);
  await Promise.all(waits);
});

it("has an end", () => {
  const line = new Line();
  for (let i = 0; i < 500; i++) {
    expect(line.isFull).toBe(false);
    void line.wait(() => false);
  }
  expect(line.isFull).toBe(true);
});
