// Which of the frame's own sheets is open, and what they were asked for.
import type { HostBridge } from '#api/host.ts';

export type LibraryQuestion = 'open' | 'new' | 'rename';

/** The questions about libraries: which to open, where to make a new one, what to call it. */
export class LibraryDialog {
  #question = $state<LibraryQuestion | null>(null);

  get question(): LibraryQuestion | null {
    return this.#question;
  }

  show(question: LibraryQuestion): void {
    this.#question = question;
  }

  close(): void {
    this.#question = null;
  }
}

export interface FolderQuestion {
  title: string;
  /** What the button says of what it takes: "Look through this folder", "Look through “wrist.png”". */
  choose: (what: string) => string;
  /** Whether single files may be chosen too. */
  files: boolean;
}

/** Asks for a folder: by the system's dialog on the desktop, by a sheet of our own in a browser. */
export class FolderChooser {
  #host: HostBridge | null;
  #question = $state.raw<FolderQuestion | null>(null);
  #answer: ((paths: string[]) => void) | null = null;

  constructor(host: HostBridge | null) {
    this.#host = host;
  }

  get question(): FolderQuestion | null {
    return this.#question;
  }

  /** Paths of this computer; none when cancelled. */
  async ask(question: FolderQuestion): Promise<string[]> {
    if (this.#host) {
      const folder = await this.#host.pickFolder(question.title);
      return folder === null ? [] : [folder];
    }
    this.answer([]);
    this.#question = question;
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  answer(paths: string[]): void {
    this.#question = null;
    this.#answer?.(paths);
    this.#answer = null;
  }
}
