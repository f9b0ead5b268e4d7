// The desktop application for real: the whole job through its window, what survives closing and dying, and what it refuses.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ElectronApplication, Page } from '@playwright/test';
import { sentenceOf } from '#api/problems.ts';
import { drawFilm, writeFilms } from '#test/films.ts';
import { expect, test } from '#test/electron/desktop.ts';

const FILMS = 120;

const films = (page: Page) => page.getByRole('listbox', { name: 'Films', exact: true }).getByRole('option');
const status = (page: Page) => page.getByRole('contentinfo', { name: 'Status' });
const answer = (page: Page) => page.getByRole('complementary', { name: 'Answer' });
const uncertain = (page: Page) => page.getByRole('checkbox', { name: 'Uncertain' });

async function go(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click();
}

/** The system's dialog answers with these paths from now on. */
async function choose(app: ElectronApplication, paths: string[]): Promise<void> {
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
  }, paths);
}

/** Imports films by the folder dialog; each patient's films have one label. */
async function importFilms(app: ElectronApplication, page: Page, home: string): Promise<void> {
  const source = join(home, 'clinic export');
  await writeFilms(source, FILMS);
  await choose(app, [source]);
  await expect(page.getByRole('button', { name: 'Choose a folder' })).toBeVisible();
  await page.keyboard.press('Control+o');
  await page.getByRole('button', { name: `Import ${FILMS} films` }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('heading', { name: `${FILMS} films`, exact: true })).toBeVisible();
}

/** The core's process, a child of the application's main process. */
async function corePid(app: ElectronApplication): Promise<number> {
  const named = await app.evaluate(({ app: { getAppMetrics } }) =>
    getAppMetrics().find(({ name, serviceName }) => [name, serviceName].includes('Osteon core')),
  );
  if (named) return named.pid;
  const children = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(app.process().pid)], { encoding: 'utf8' });
  const core = children.stdout.split('\n').find((line) => line.includes('core.js'));
  return Number.parseInt(core ?? '', 10);
}

test('the whole job: import, label, train, classify; all is there after closing', async ({ desktop }) => {
  const first = await desktop.open();
  let { page } = first;
  await expect(page).toHaveTitle(/Osteon$/);
  await importFilms(first.app, page, desktop.home);
  await expect(films(page).first().getByRole('img')).toHaveJSProperty('complete', true);
  expect(
    await films(page)
      .first()
      .getByRole('img')
      .evaluate((img: HTMLImageElement) => img.naturalWidth),
  ).toBeGreaterThan(0);

  await page.getByRole('listbox', { name: 'Films', exact: true }).focus();
  await page.keyboard.press('3');
  await expect(status(page)).toContainText('is uncertain');
  await expect(status(page)).toContainText(/Saved \d\d:\d\d:\d\d/);
  await expect(uncertain(page)).toContainText('1');

  await go(page, 'Train');
  const headline = page.getByRole('heading', { level: 1 });
  await expect(headline).toHaveText(/are ready$/);
  const epochs = page.getByRole('textbox', { name: 'Epochs', exact: true });
  await epochs.fill('3');
  await epochs.press('Enter');
  await page.keyboard.press('Control+Enter');
  await expect(headline).toHaveText(/^Run 1 is done: .*epoch \d is kept$/, { timeout: 120_000 });

  await go(page, 'Results');
  await choose(first.app, [desktop.home]);
  await page.getByRole('button', { name: 'Export as notebook' }).click();
  await expect(page.getByText(/^Notebook, figures and model are in .*osteon-run-1/)).toBeVisible();
  expect(readFileSync(join(desktop.home, 'osteon-run-1', 'osteon_model.py'), 'utf8')).toContain('def load(');

  const film = join(desktop.home, 'wrist.png');
  writeFileSync(film, await drawFilm(900_001, true));
  await go(page, 'Classify');
  await choose(first.app, [film]);
  await page.getByRole('button', { name: 'Film', exact: true }).first().click();
  await expect(answer(page).getByRole('heading', { level: 1 })).toHaveText(/Fracture|Whole|Cannot tell/);
  await expect(answer(page)).toContainText('Research and teaching. Not a medical device; not for diagnosis.');

  await first.app.close();
  expect(existsSync(join(desktop.home, 'window.json'))).toBe(true);
  ({ page } = await desktop.open());
  await expect(page.getByRole('heading', { name: `${FILMS} films`, exact: true })).toBeVisible();
  await expect(uncertain(page)).toContainText('1');
  await page.keyboard.press('Control+z');
  await expect(uncertain(page)).toContainText('0');
  await go(page, 'Train');
  await expect(page.getByRole('checkbox', { name: 'Curves of run 1' })).toBeVisible();
});

test('a film shows in the viewer, pixels and all', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await importFilms(app, page, desktop.home);
  await go(page, 'Read');
  await page.getByRole('button', { name: `Read ${FILMS} films again` }).click();
  await expect(page.getByRole('application')).toHaveAccessibleName(/film-001\.png/);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('the core dies and comes back; labels are kept and given again', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await importFilms(app, page, desktop.home);
  await page.getByRole('listbox', { name: 'Films', exact: true }).focus();
  await page.keyboard.press('3');
  await expect(status(page)).toContainText(/Saved \d\d:\d\d:\d\d/);
  for (let death = 1; death <= 2; death++) {
    const pid = await corePid(app);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => corePid(app)).not.toBe(pid);
    await expect.poll(() => corePid(app)).toBeGreaterThan(0);
    await page.keyboard.press('3');
    await expect(uncertain(page)).toContainText(String(death + 1));
  }
  // Quitting as soon as there is none, in the pause before the next start, the application ends all the same.
  const ended = app.waitForEvent('close');
  const quitting = app.evaluate(
    async ({ app: application }, core) => {
      const runs = () => {
        try {
          return process.kill(core, 0);
        } catch {
          return false;
        }
      };
      process.kill(core, 'SIGKILL');
      while (runs()) await new Promise((resolve) => setTimeout(resolve, 5));
      application.quit();
    },
    await corePid(app),
  );
  // The answer may be lost with the application.
  await Promise.all([ended, quitting.catch(() => undefined)]);
});

test('a second start hands its film to the first and ends', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  const film = join(desktop.home, 'ankle.png');
  writeFileSync(film, await drawFilm(900_002, false));
  const [program = '', ...args] = app.process().spawnargs.filter((word) => !/inspect|debugging/.test(word));
  const second = spawn(program, [...args, film], {
    env: { ...process.env, OSTEON_HOME: desktop.home },
    stdio: 'ignore',
  });
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  await expect(page).toHaveURL(/#classify$/);
  expect(app.windows()).toHaveLength(1);
});

test('a film named at the start is opened, as a path or as the address that desktops pass', async ({ desktop }) => {
  const film = join(desktop.home, 'Knie links 膝.png');
  writeFileSync(film, await drawFilm(900_003, false));
  for (const named of [film, pathToFileURL(film).href]) {
    const { app, page } = await desktop.open([named]);
    await expect(page).toHaveURL(/#classify$/);
    await app.close();
  }
});

test('a window that crashes is loaded again, says so, and works', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await expect(page.getByRole('button', { name: 'Choose a folder' })).toBeVisible();
  await app.evaluate(({ dialog }) => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    dialog.showMessageBox = (_window: unknown, { message }: { message: string } = { message: '' }) => {
      told.push(message);
      return Promise.resolve({ response: 0, checkboxChecked: false });
    };
  });
  // Past Playwright, for which a page that crashed is gone for good.
  const shown = () =>
    app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0] as Electron.BrowserWindow;
      if (webContents.isCrashed() || webContents.isLoading()) return '';
      return webContents.executeJavaScript('document.body.innerText') as Promise<string>;
    });
  const pid = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0);
  const before = await pid();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  await expect.poll(async () => [0, before].includes(await pid())).toBe(false);
  await expect.poll(shown).toContain('Choose a folder');
  const told = await app.evaluate(() => (globalThis as unknown as { told: string[] }).told);
  expect(told).toEqual([sentenceOf('WINDOW_STOPPED')]);
});

test('saving a file asks where, and writes it there', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  const target = join(desktop.home, 'saved.csv');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, target);
  const saved = await page.evaluate(() => window.osteon?.saveFile('curves.csv', new TextEncoder().encode('a,b\r\n')));
  expect(saved).toBe(target);
  expect(readFileSync(target, 'utf8')).toBe('a,b\r\n');
});

test('the menu runs commands of the page', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await expect(page.getByRole('button', { name: 'Choose a folder' })).toBeVisible();
  await app.evaluate(({ Menu }) => {
    const view = Menu.getApplicationMenu()?.items.find(({ label }) => label === '&View');
    view?.submenu?.items.find(({ label }) => label === 'Settings')?.click();
  });
  await expect(page).toHaveURL(/#settings$/);
});

test('the page has a sandbox around it: no Node, no other page, no window, no network, no eval', async ({
  desktop,
}) => {
  const { app, page } = await desktop.open();
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  const found = await page.evaluate(async () => {
    const refused = async (work: () => unknown) => {
      try {
        await work();
        return false;
      } catch {
        return true;
      }
    };
    return {
      node: [typeof globalThis.require, typeof globalThis.process, typeof (globalThis as { Buffer?: unknown }).Buffer],
      opened: window.open('https://example.org/') === null,
      fetched: await refused(() => fetch('https://example.org/')),
      loopback: await refused(() => fetch('http://127.0.0.1:9/')),
      file: await refused(() => fetch('file:///etc/passwd')),
      // In a task of its own: what the test itself evaluates is let through.
      eval: await new Promise((resolve) => {
        // eslint-disable-next-line no-eval -- it is tried here because it must not work
        setTimeout(() => void refused(() => globalThis.eval('1')).then(resolve));
      }),
    };
  });
  expect(found).toEqual({
    node: ['undefined', 'undefined', 'undefined'],
    opened: true,
    fetched: true,
    loopback: true,
    file: true,
    eval: true,
  });
  // Past Playwright, which waits for pages to come that never do.
  const stayed = await app.evaluate(async ({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0] as Electron.BrowserWindow;
    const before = webContents.getURL();
    for (const address of ['https://example.org/', 'file:///etc/passwd', 'app://other/']) {
      await webContents.executeJavaScript(`window.location.href = ${JSON.stringify(address)}; 0`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const pages = await webContents.executeJavaScript(`document.querySelectorAll('nav').length`);
    return [before, webContents.getURL(), pages, BrowserWindow.getAllWindows().length];
  });
  expect(stayed).toEqual(['app://osteon/#library', 'app://osteon/#library', 1, 1]);
});

test('the camera opens only right after a click, and never with a microphone', async ({ desktop }) => {
  const { page } = await desktop.open(['--use-fake-device-for-media-stream']);
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  const ask = (constraints: MediaStreamConstraints) =>
    page.evaluate(async (wanted) => {
      try {
        const stream = await navigator.mediaDevices.getUserMedia(wanted);
        for (const track of stream.getTracks()) track.stop();
        return 'opened';
      } catch (error) {
        return (error as Error).name;
      }
    }, constraints);
  const askAfterClick = async (constraints: MediaStreamConstraints) => {
    await page.getByRole('link', { name: 'Library', exact: true }).click();
    return ask(constraints);
  };
  expect(await ask({ video: true })).toBe('NotAllowedError');
  expect(await askAfterClick({ video: true, audio: true })).toBe('NotAllowedError');
  expect(await askAfterClick({ audio: true })).toBe('NotAllowedError');
  expect(await askAfterClick({ video: true })).toBe('opened');
});
