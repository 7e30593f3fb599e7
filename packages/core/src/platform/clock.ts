/**
 * The time of this process. A test may shift it; SQL then reads the same offset from `app.clock_offset`, which only a test
 * database has, so that process, database and doubles have the same time.
 */
let offsetMilliseconds = 0;

export const now = (): Date => new Date(Date.now() + offsetMilliseconds);

export const setClockOffset = (milliseconds: number): void => {
  offsetMilliseconds = milliseconds;
};
