// S5 of the trust plan, in a browser that keeps what it can: neither page nor history nor anything on its disk gives the
// secret away, and the link it was opened by is worth nothing afterwards.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { Osteon, expect, test } from './serve.ts';

function secretOf(home: string): string {
  const name = readdirSync(home).find((file) => /^serve-\d+\.json$/.test(file)) ?? '';
  return (JSON.parse(readFileSync(join(home, name), 'utf8')) as { secret: string }).secret;
}

test('the browser holds the secret in a cookie of this session, and nowhere else', async ({ launchOptions }) => {
  const profile = mkdtempSync(join(tmpdir(), 'osteon-profile-'));
  const osteon = new Osteon();
  await osteon.start();
  const secret = secretOf(osteon.home);
  const context = await chromium.launchPersistentContext(profile, launchOptions);
  try {
    const page = await context.newPage();
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
    await page.goto(osteon.link);
    await expect(page.getByRole('button', { name: 'My films' })).toBeVisible();
    expect(new URL(page.url()).pathname).toBe('/');
    const cookie = (await context.cookies()).find(({ name }) => name === 'osteon');
    expect(cookie).toMatchObject({
      value: secret,
      httpOnly: true,
      sameSite: 'Strict',
      expires: -1,
      domain: '127.0.0.1',
    });
    const seen = await page.evaluate(() =>
      JSON.stringify([
        document.cookie,
        document.referrer,
        { ...localStorage },
        { ...sessionStorage },
        document.documentElement.outerHTML,
      ]),
    );
    expect(seen).not.toContain(secret);
    expect(sent.slice(1).filter((line) => line.includes('/open/') || line.includes(secret))).toEqual([]);
    const session = await context.newCDPSession(page);
    const { entries } = await session.send('Page.getNavigationHistory');
    expect(entries.filter(({ url }) => url.includes('/open/'))).toEqual([]);

    const stranger = await context.browser()?.newContext();
    const answer = await (stranger ?? context).request.get(osteon.link, { maxRedirects: 0 });
    expect(answer.status()).toBe(401);
    await stranger?.close();
  } finally {
    await context.close();
    await osteon.stop();
    osteon.remove();
  }
  const files = readdirSync(profile, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const holding = files.filter((file) => readFileSync(join(file.parentPath, file.name)).includes(secret));
  rmSync(profile, { recursive: true, force: true });
  expect(files.length).toBeGreaterThan(0);
  expect(holding.map(({ name }) => name)).toEqual([]);
});
