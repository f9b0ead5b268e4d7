// What the desktop hands its window besides the page: a port to the core, native dialogs, words from the menu.
// Absent in a browser, where `window.osteon` is undefined. Must not grow procedures: those go over the port.

/**
 * `data` of the window message that brings a port of the core; the port is `event.ports[0]`, and `event.source` is the
 * window itself. It comes once after `connect()`, and again each time a new core comes up.
 */
export const PORT_MESSAGE = 'osteon:port';

/**
 * What becomes of the core. `gone`: it died, calls under way will not be answered, a port of its successor follows.
 * `failed`: it runs but could not start its work; the words are for the user.
 */
export type CoreNews =
  { state: 'up' } | { state: 'gone' } | { state: 'failed'; code: string; message: string; next: string };

export interface HostBridge {
  /** In words: "Electron 45.4.1". */
  readonly hostName: string;
  /** Asks for a port to the core; see PORT_MESSAGE. */
  connect(): void;
  /** Folder the user chose in the system's dialog; null when cancelled. */
  pickFolder(title?: string): Promise<string | null>;
  /** Files the user chose in the system's dialog; none when cancelled. */
  pickFiles(title?: string, what?: 'films' | 'model'): Promise<string[]>;
  /** Asks where to save, writes the bytes there and answers the path; null when cancelled. */
  saveFile(suggestedName: string, bytes: Uint8Array): Promise<string | null>;
  /** Path of a file dropped on the window or chosen in a form; null where it has none (a picture from the clipboard). */
  pathOf(file: File): string | null;
  /** Shows the open library's folder in the system's file manager; false when no library is open. */
  showLibrary(): Promise<boolean>;
  /** Listeners return how to stop listening. Paths opened before anyone listened are kept for the first listener. */
  onOpenFiles(listener: (paths: string[]) => void): () => void;
  /** A command chosen in the menu, by its name in the command registry. */
  onCommand(listener: (command: string) => void): () => void;
  /** The system went dark or light. */
  onTheme(listener: (dark: boolean) => void): () => void;
  onCore(listener: (news: CoreNews) => void): () => void;
}

declare global {
  interface Window {
    osteon?: HostBridge;
  }
}
