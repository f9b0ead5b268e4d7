// Pictures by URL, for every host: one function from a request to a response. See api/images.ts for the addresses.
// Must not answer anything that is not a picture or its description.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { problems } from '#api/problems.ts';
import type { PixelDescription } from '#api/images.ts';
import { getXray } from '#db/xrays.ts';
import type { Desk } from './desk.ts';
import { temporaryBeside } from './libraries/durable.ts';
import { isSha256, originalPath, thumbnailPath } from './libraries/folder.ts';
import { Problem, toProblem } from './problem.ts';
import { scopeOf } from './xrays/filter.ts';

type Handler = (parts: string[], request: Request) => Promise<Response>;

/** Films never change, so neither do their pictures; the preparation may, so they are asked about once a session. */
const CACHED = 'private, max-age=3600';

export function createImages(desk: Desk): (request: Request) => Promise<Response> {
  const routes: Record<string, Handler> = {
    'GET xrays': (parts) => xrayImage(desk, parts),
    'GET previews': ([sha256 = '', frame = '0']) => {
      if (!isSha256(sha256)) throw new Problem('PREVIEW_GONE');
      const path = join(thumbnailPath(desk.library().paths, sha256, Number(frame), 160));
      if (!existsSync(path)) throw new Problem('PREVIEW_GONE');
      return Promise.resolve(bytes(readFileSync(path), 'image/webp'));
    },
    'GET predictions': async ([id = '', what = '']) => {
      const image = await desk.predictions.image(id, what);
      return bytes(image.bytes, image.type, image.headers);
    },
    'GET networks': async ([run = '', xray = '', layer = '']) => {
      const place = { run: Number(run) || 0, xray: Number(xray) || 0, layer: Number(layer) || 0 };
      return bytes(await desk.networks.picture(place), 'image/png');
    },
    'POST uploads': async ([set = '', ...path], request) => {
      await desk.uploads.take(set, path.map(decoded).join('/'), request.body);
      return new Response(null, { status: 204 });
    },
    'GET uploads': ([set = '']) => Promise.resolve(bytes(readFileSync(desk.uploads.file(set)), 'image/png')),
  };
  return async (request) => {
    const [, , noun = '', ...parts] = new URL(request.url).pathname.split('/');
    const handler = routes[`${request.method} ${noun}`];
    if (!handler) return new Response('no such picture', { status: 404 });
    try {
      const response = await handler(parts, request);
      return request.headers.get('if-none-match') === response.headers.get('etag') && response.headers.has('etag')
        ? new Response(null, { status: 304, headers: response.headers })
        : response;
    } catch (error) {
      return explained(desk, error);
    }
  };
}

/** One part of an address as text. Throws UPLOAD_GONE where its %-escapes make none. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new Problem('UPLOAD_GONE', {}, { cause: error });
  }
}

async function xrayImage(desk: Desk, [id = '', what = '', side = '160']: string[]): Promise<Response> {
  const library = desk.library();
  const row = getXray(library.db, scopeOf(library.db), Number(id) || 0);
  if (!row) throw new Problem('XRAY_NOT_FOUND', { xray: id });
  const path = originalPath(library.paths, row.sha256);
  if (what === 'thumbnail') {
    const px = side === '480' ? 480 : 160;
    const thumbnail = thumbnailPath(library.paths, row.sha256, row.frame, px);
    if (!existsSync(thumbnail)) await makeThumbnail(desk, path, row.frame, px, thumbnail);
    return bytes(readFileSync(thumbnail), 'image/webp');
  }
  if (what === 'pixels') {
    const pixels = await desk.decoders.ask<{ description: PixelDescription; bytes: Uint8Array }>('pixels', {
      path,
      frame: row.frame,
    });
    return pixelResponse(pixels);
  }
  throw new Problem('XRAY_NOT_FOUND', { xray: id });
}

/** The description travels with the pixels, so that one request shows a film. */
function pixelResponse(pixels: { description: PixelDescription; bytes: Uint8Array }): Response {
  const description = encodeURIComponent(JSON.stringify(pixels.description));
  return bytes(pixels.bytes, 'application/octet-stream', { 'x-pixels': description });
}

async function makeThumbnail(desk: Desk, path: string, frame: number, side: number, target: string): Promise<void> {
  const temporary = temporaryBeside(target);
  try {
    await desk.decoders.ask('thumbnail', { path, frame, side, to: temporary });
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function bytes(body: Uint8Array, type: string, headers: Record<string, string> = {}): Response {
  const etag = `"${createHash('sha1').update(body).digest('base64url')}"`;
  return new Response(body as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': type, 'cache-control': CACHED, etag, 'x-content-type-options': 'nosniff', ...headers },
  });
}

function explained(desk: Desk, error: unknown): Response {
  const problem = toProblem(error) ?? new Problem('INTERNAL');
  if (problem.code === 'INTERNAL') desk.log.error({ err: error }, 'picture failed');
  const { code, message, next } = problem;
  return Response.json({ code, message, next }, { status: problems[code].status });
}
