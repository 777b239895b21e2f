const MINUTE = 60;
const HOUR = 3_600;

const two = (value: number): string => String(value).padStart(2, '0');

/** @param positionMs a place in a film, in ms. @returns it as players show it: `3:05`, `1:02:03`. */
export function formatPosition(positionMs: number): string {
  const seconds = Math.floor(positionMs / 1000);
  const hours = Math.floor(seconds / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  const rest = two(seconds % MINUTE);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
