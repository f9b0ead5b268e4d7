// S6 of the trust plan: nothing leaves the machine. The whole job is done where there is no network but the computer's own,
// and strace shows that Osteon's processes never even ask for another address.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { findBrowser } from '#cli/server/browser.ts';
import { temporaryFolder } from '#test/library.ts';

const job = resolve('test/trust/whole-job.ts');
/** Root needs no namespace of users of its own. */
const apart = ['unshare', process.getuid?.() === 0 ? '-n' : '-Urn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

function works(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

const canPart = works(apart[0] ?? '', ...apart.slice(1), 'true');
const canWatch = works('strace', '-f', '-o', '/dev/null', 'true');
const built = existsSync('out/renderer/index.html');

/** Calls that would reach another computer, or ask for a name, in what strace wrote. */
function leaving(trace: string): string[] {
  return trace
    .split('\n')
    .filter((line) => /\b(connect|sendto|sendmsg|sendmmsg)\(/.test(line) && /AF_INET6?\b/.test(line))
    .filter((line) => /htons\(53\)/.test(line) || !/inet_addr\("127\.|"(::1|::ffff:127\.[\d.]+)"/.test(line));
}

function say(what: string): void {
  console.log(`S6: ${what}`);
}

test.skipIf(!canPart || !built || !findBrowser())(
  'the whole job is done without a network (skipped where unshare, a browser or the built window is missing)',
  () => {
    const folder = temporaryFolder();
    const trace = join(folder, 'trace');
    const env = { ...process.env, ...(canWatch ? { STRACE: trace } : {}) };
    const [program = '', ...args] = [...apart, process.execPath, job, folder];
    const { stdout, stderr, status } = spawnSync(program, args, { env, encoding: 'utf8', timeout: 280_000 });
    expect([status, stderr]).toEqual([0, '']);
    const { ways, origins, probabilities } = JSON.parse(stdout) as {
      ways: string[];
      origins: string[];
      probabilities: number[];
    };
    expect(ways.sort()).toEqual(['127.0.0.1', '::1'].filter((way) => ways.includes(way)));
    expect(origins).toEqual(['own']);
    expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
    if (!canWatch) {
      say('done without a network; strace is not here to watch');
      return;
    }
    const seen = readFileSync(trace, 'utf8');
    say(`done without a network; ${seen.split('\n').length} calls watched, ${leaving(seen).length} to another address`);
    expect(seen).toMatch(/\bbind\(.*inet_addr\("127\.0\.0\.1"\)/);
    expect(leaving(seen)).toEqual([]);
  },
  300_000,
);

test.skipIf(!canWatch)(
  'control: a program that does ask for another address or a name is seen',
  () => {
    const trace = join(temporaryFolder(), 'trace');
    const program = `
    require('node:net').connect(80, '192.0.2.1').on('error', () => undefined);
    require('node:net').connect(80, '2001:db8::1').on('error', () => undefined);
    require('node:dgram').createSocket('udp4').send('x', 9, '192.0.2.2');
    require('node:dns').setServers(['127.0.0.1']);
    require('node:dns').resolve('osteon.invalid', () => process.exit(0));
    setTimeout(() => process.exit(0), 1000);`;
    spawnSync('strace', ['-f', '-qq', '-e', 'trace=network', '-o', trace, process.execPath, '-e', program]);
    const found = leaving(readFileSync(trace, 'utf8')).join('\n');
    for (const sign of ['192.0.2.1', '2001:db8::1', '192.0.2.2', 'htons(53)']) expect(found).toContain(sign);
  },
  60_000,
);
