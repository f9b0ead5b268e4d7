// When to look again at what is followed: at once, whenever something moves here, and now and then for what another
// program does.

/** How often work of another program is looked at. */
const LOOK_MS = 400;

/** Calls the listener whenever something moved here; returns how to stop it. */
export type Wake = (listener: () => void) => () => void;

/** Until the signal is aborted or nobody asks for the next look. */
export async function* looks(wake: Wake, signal: AbortSignal | undefined): AsyncGenerator<undefined> {
  let moved = Promise.withResolvers<undefined>();
  const stopWaking = wake(() => moved.resolve(undefined));
  signal?.addEventListener('abort', () => moved.resolve(undefined), { once: true });
  try {
    while (!signal?.aborted) {
      moved = Promise.withResolvers();
      yield undefined;
      const timer = setTimeout(() => moved.resolve(undefined), LOOK_MS);
      await moved.promise;
      clearTimeout(timer);
    }
  } finally {
    stopWaking();
  }
}
