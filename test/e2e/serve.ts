// The window for end-to-end tests: Osteon's own server on a temporary home, opened in a browser by its one-time link.
// Every window that is opened is watched: an error in the page or anything its policy forbids fails the test.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { writeFilms } from '#test/films.ts';

const program = resolve('cli/main.ts');

/** One user's Osteon: a home folder, and the server while it runs. */
export class Osteon {
  readonly home = mkdtempSync(join(tmpdir(), 'osteon-window-'));
  /** The library that is open at first. */
  readonly library = join(this.home, 'libraries', 'My films');
  #server: ChildProcess | null = null;
  #link = '';

  /** Starts the server, again after `stop` or `kill`: on the same home, at another address. */
  async start(): Promise<void> {
    const server = spawn(process.execPath, [program, 'serve', '--port', '0', '--no-open'], {
      env: { ...process.env, OSTEON_HOME: this.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#server = server;
    const line = await new Promise<string>((ok, failed) => {
      createInterface({ input: server.stdout }).once('line', ok);
      server.once('exit', (code) => failed(new Error(`the server ended with ${code ?? 'a signal'}`)));
    });
    this.#link = (JSON.parse(line) as { link: string }).link;
  }

  /** The link of the last start; it opens one window. */
  get link(): string {
    return this.#link;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((done) => server.once('exit', done));
    server.kill(signal);
    await ended;
  }

  /** Runs a command of the command line on the open library and returns what it said as data. */
  command(...words: string[]): unknown {
    return osteon(...words, '--library', this.library, '--json');
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function osteon(...words: string[]): unknown {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`osteon ${words.join(' ')} ended with ${status ?? 'a signal'}: ${stderr}`);
  // Long work says something on each line.
  const said = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  return said.length === 1 ? said[0] : said;
}

interface ForEachTest {
  /** Films in the library at first; made by code, two a patient, all labelled. */
  films: number;
  osteon: Osteon;
  /** The window, open on the library page. */
  window: Page;
}

interface ForAllTests {
  /** A library with so many made films; made once, to be copied. */
  prepared: (films: number) => Promise<string>;
}

export const test = base.extend<ForEachTest, ForAllTests>({
  films: [0, { option: true }],
  prepared: [
    // eslint-disable-next-line no-empty-pattern -- the runner reads from it what a fixture needs
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'osteon-prepared-'));
      await use(async (films) => {
        const library = join(folder, String(films), 'My films');
        if (!existsSync(library)) {
          const source = join(folder, String(films), 'source');
          await writeFilms(source, films);
          osteon('import', source, '--library', library, '--json');
        }
        return library;
      });
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
    { scope: 'worker' },
  ],
  osteon: async ({ films, prepared }, use) => {
    const one = new Osteon();
    if (films > 0) {
      mkdirSync(join(one.library, '..'), { recursive: true });
      cpSync(await prepared(films), one.library, { recursive: true });
    }
    await one.start();
    await use(one);
    await one.stop();
    one.remove();
  },
  window: async ({ osteon, page }, use) => {
    const wrong = watchFor(page);
    await page.goto(osteon.link);
    // Keys of the pages work once the library is there.
    await expect(page.getByRole('button', { name: 'My films' })).toBeVisible();
    await use(page);
    expect(wrong, 'errors in the page, and what its policy forbids').toEqual([]);
  },
});

/** Errors of a page as they come; declared answers of the server are no errors. */
export function watchFor(page: Page): string[] {
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    const { url } = message.location();
    // A browser reports every answer of 400 and above as an error, and a server that a test has stopped; the window
    // shows both in words.
    const shown = /\/(rpc|images)\//.test(url) || message.text().includes('ERR_CONNECTION_REFUSED');
    if (message.type() === 'error' && !shown) wrong.push(`${message.text()} ${url}`);
  });
  return wrong;
}

/** Everything axe can find on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => html).join('\n')}`);
  expect(found, 'findings of axe').toEqual([]);
}

/** The films of the grid or list, those that are drawn. */
export function filmsIn(page: Page) {
  return page.getByRole('listbox', { name: 'Films', exact: true }).getByRole('option');
}

export { expect };
