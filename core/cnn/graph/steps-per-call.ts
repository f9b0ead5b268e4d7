// How many steps one call of a compiled training makes where nobody measured it.

/** Several small steps in one call save the way in and out; a call stays well under a second. `size` in px. */
export function usualStepsPerCall(size: number): number {
  return size <= 64 ? 10 : 4;
}
