// The way out: asks while a training runs, lets the core close, then ends. Asks once, however the user leaves.
import { app } from 'electron';
import type { BrowserWindow } from 'electron';
import { mayStopTraining } from './dialogs.ts';

export function guardQuit(host: {
  training: () => boolean;
  window: () => BrowserWindow | null;
  stop: () => Promise<void>;
}) {
  let agreed = false;
  let asking = false;
  let stopped = false;

  /** Holds the event up where the user has to be asked first, and goes on when they agree. */
  const ask = (event: { preventDefault(): void }, goOn: () => void) => {
    if (agreed || !host.training()) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void mayStopTraining(host.window()).then((may) => {
      asking = false;
      agreed = may;
      if (may) goOn();
    });
  };

  app.on('before-quit', (event) => ask(event, () => app.quit()));
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void host.stop().finally(() => {
      stopped = true;
      // Not before this event is over: until then Electron takes itself for quitting, and does nothing.
      setImmediate(() => app.quit());
    });
  });
  return {
    /** Where closing the window ends the application, closing it asks too. */
    watch(window: BrowserWindow): void {
      if (process.platform === 'darwin') return;
      window.on('close', (event) => ask(event, () => window.close()));
    },
  };
}
