// The whole job without a network: command line, loopback server, a real browser on its window. Started by the S6 test,
// which sees to it that there is no way out; says in one line of JSON what came of it.
// Arguments: a folder for its files. STRACE names a file to which strace writes what Osteon's own processes ask the network.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { chromium } from '@playwright/test';
import { findBrowser } from '#cli/server/browser.ts';
import type { Client } from '#test/contract/walk.ts';
import { drawFilm, writeFilms } from '#test/films.ts';

const folder = process.argv[2] ?? '';
const home = join(folder, 'home');
const library = join(home, 'libraries', 'My films');
const env = { ...process.env, OSTEON_HOME: home, OSTEON_LOG: 'error' };

/** A command line of Osteon, watched where that is asked for. */
function watched(...words: string[]): [program: string, args: string[]] {
  const own = [process.execPath, resolve('cli/main.ts'), ...words];
  const log = process.env['STRACE'];
  const strace = ['strace', '-f', '-qq', '-s', '0', '-A', '-e', 'trace=network', '-o', log ?? ''];
  const [program = '', ...args] = log === undefined ? own : [...strace, ...own];
  return [program, args];
}

function osteon(...words: string[]): string {
  const [program, args] = watched(...words, '--library', library, '--json');
  const { stdout, stderr, status } = spawnSync(program, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status ?? 'a signal'}: ${stderr}`);
  return stdout;
}

await writeFilms(join(folder, 'films'), 64);
const film = join(folder, 'film.png');
writeFileSync(film, await drawFilm(900_001, true));
osteon('import', join(folder, 'films'));
osteon('train', '--epochs', '1');
const answered = JSON.parse(osteon('classify', film)) as { probability: number };

const [program, args] = watched('serve', '--port', '0', '--no-open');
const server = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
const line = await new Promise<string>((ok) => createInterface({ input: server.stdout }).once('line', ok));
const { link } = JSON.parse(line) as { link: string };
const secretFile = readdirSync(home).find((name) => name.startsWith('serve-')) ?? '';
const { address, secret } = JSON.parse(readFileSync(join(home, secretFile), 'utf8')) as {
  address: string;
  secret: string;
};

const executablePath = findBrowser()?.path;
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: sandbox });
const page = await browser.newPage();
const asked = new Set<string>();
page.on('request', (request) => asked.add(new URL(request.url()).origin));
await page.goto(link);
await page.getByRole('button', { name: 'My films' }).waitFor();

const client: Client = createORPCClient(
  new RPCLink({ url: `${address}/rpc`, headers: { authorization: `Bearer ${secret}` } }),
);
const end = async (job: string) => {
  for await (const now of await client.jobs.follow({ job }))
    if (now.state === 'failed') throw new Error(now.error?.message);
};
const preview = await client.imports.preview({ paths: [film] });
await end(preview.job);
const started = await client.imports.start({ preview: preview.preview });
await end(started.job);
const { run, job } = await client.runs.start({ settings: { epochs: 1 } });
await end(job);
const { probability } = await client.predictions.classify({ path: film, model: run });
await client.settings.doctor({ again: true });
await page.goto(`${address}/#results`);
await page.getByRole('heading', { level: 1, name: /judging films/ }).waitFor();
await page.goto(`${address}/#classify`);
await page.getByRole('heading', { name: 'Which film?' }).waitFor();
await browser.close();
const ended = new Promise((done) => server.once('exit', done));
process.kill(Number(/\d+/.exec(secretFile)?.[0]), 'SIGTERM');
await ended;

const ways = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
process.stdout.write(
  JSON.stringify({
    ways: [...new Set(ways.map((way) => way.address))],
    origins: [...asked].map((origin) => (origin === address ? 'own' : origin)),
    probabilities: [answered.probability, probability],
  }),
);
