// Draws the pictures of the README: the real window on films that Osteon draws itself, never on films of a patient.
// Writes docs/picture-*.png; needs an installed browser, and trains the paper preset once.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setUp } from './setup.mjs';
import { underRightNode } from './setup/node.mjs';
import { root } from './setup/places.mjs';

await underRightNode();
await setUp(['tensorflow', 'window']);
const { chromium } = await import('@playwright/test');
const { default: sharp } = await import('sharp');
const { findBrowser } = await import(new URL('../cli/server/browser.ts', import.meta.url).href);

const home = mkdtempSync(join(tmpdir(), 'osteon-picture-'));
const library = join(home, 'libraries', 'My films');
const program = join(root, 'cli', 'main.ts');

/** @param {string[]} words */
function osteon(...words) {
  const { status, stderr } = spawnSync(process.execPath, [program, ...words, '--library', library], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`osteon ${words.join(' ')}: ${stderr}`);
}

/** @returns {Promise<{ link: string, stop: () => void }>} */
async function serve() {
  const server = spawn(process.execPath, [program, 'serve', '--port', '0', '--no-open'], {
    env: { ...process.env, OSTEON_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  /** @type {string} */
  const line = await new Promise((ok) => createInterface({ input: server.stdout }).once('line', ok));
  return { link: JSON.parse(line).link, stop: () => void server.kill() };
}

/** @param {import('@playwright/test').Page} page @param {string} name */
async function take(page, name) {
  await page.getByRole('contentinfo').getByText('TensorFlow').waitFor();
  const images = page.getByRole('main').locator('img');
  await images.evaluateAll((/** @type {any[]} */ all) => Promise.allSettled(all.map((image) => image.decode())));
  const drawn = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const small = sharp(drawn).png({ palette: true, colours: 256, compressionLevel: 9, effort: 10 });
  await small.toFile(join(root, 'docs', `picture-${name}.png`));
}

let server = null;
let browser = null;
try {
  osteon('demo', '--images', '600', '--seed', '1');
  osteon('train', '--seed', '1');
  server = await serve();
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const executablePath = findBrowser()?.path;
  browser = await chromium.launch({ args, ...(executablePath && { executablePath }) });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  await page.goto(server.link);
  const films = page.getByRole('listbox', { name: 'Films', exact: true });
  await films.getByRole('option').nth(19).click();
  for (const place of [18, 17, 16])
    await films
      .getByRole('option')
      .nth(place)
      .click({ modifiers: ['ControlOrMeta'] });
  await take(page, 'library');
  await page.keyboard.press('Escape');
  await films.getByRole('option').nth(28).dblclick();
  await page.getByRole('application', { name: /zoom/ }).waitFor();
  await take(page, 'read');
  await page.keyboard.press('Alt+4');
  await page.getByRole('heading', { name: /answered rightly/ }).waitFor();
  await page.getByRole('main').locator('img').first().waitFor();
  await take(page, 'results');
} finally {
  await browser?.close();
  server?.stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
