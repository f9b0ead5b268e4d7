// Our own scheme: `app://osteon/` gives the window's files, `app://osteon/images/` the core's pictures, nothing else.
import type { Protocol } from 'electron';
import { answerFile, refusal } from './files.ts';
import { isOwn, privileges, SCHEME } from './security.ts';

/** Must be called before the application is ready. */
export function announceScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

export function serveScheme(
  protocol: Protocol,
  from: { renderer: string; pictures: (request: Request) => Promise<Response> },
): void {
  protocol.handle(SCHEME, async (request) => {
    if (!isOwn(request.url)) return refusal(404);
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/images/')) return from.pictures(request);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405);
    return answerFile(from.renderer, pathname);
  });
}
