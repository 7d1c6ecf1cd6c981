// Time comes in from outside, so that a test can set it and nothing has to sleep.
export const systemClock = () => new Date();
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export function addMs(at, ms) {
    return new Date(at.getTime() + ms);
}
