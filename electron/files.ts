// The files of the built window, by the path of their address. The way out of their folder leads nowhere.
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { contentSecurityPolicy } from '#api/policy.ts';
import { headers } from './security.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** Answers with a file, or 404. `folder`: where the window was built to. */
export async function answerFile(folder: string, pathname: string): Promise<Response> {
  const path = pathIn(folder, pathname);
  const type = path && types[extname(path)];
  if (!path || !type) return refusal(404);
  try {
    return new Response(await readFile(path), {
      headers: { ...headers, 'content-security-policy': contentSecurityPolicy, 'content-type': type },
    });
  } catch {
    return refusal(404);
  }
}

export function refusal(status: number): Response {
  const { ['x-content-type-options']: nosniff } = headers;
  return new Response(null, { status, headers: { 'x-content-type-options': nosniff } });
}

function pathIn(folder: string, pathname: string): string | null {
  try {
    const path = normalize(join(folder, decodeURIComponent(pathname === '/' ? '/index.html' : pathname)));
    return path.startsWith(folder + sep) && !path.includes('\0') ? path : null;
  } catch {
    return null;
  }
}
