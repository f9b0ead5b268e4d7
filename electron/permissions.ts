// What the page may ask the system for: the camera, for our own page, right after a click or key. Everything else is refused.
// Must not remember a permission.
import type { Session, WebContents } from 'electron';
import { isOwn } from './security.ts';

/** As long as Chromium itself takes a click for an intention. */
const CLICK_COUNTS_MS = 5000;

const touched = new WeakMap<WebContents, number>();

/** Notes when the user last clicked or pressed a key in a page. */
export function watchClicks(contents: WebContents, now = Date.now): void {
  contents.on('input-event', (_event, { type }) => {
    if (type === 'mouseDown' || type === 'rawKeyDown' || type === 'keyDown' || type === 'touchEnd') {
      touched.set(contents, now());
    }
  });
}

export function guardPermissions(session: Session, now = Date.now): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const { mediaTypes } = details as { mediaTypes?: string[] };
    const cameraOnly = permission === 'media' && mediaTypes?.length === 1 && mediaTypes[0] === 'video';
    const clicked = now() - (touched.get(contents) ?? -Infinity) <= CLICK_COUNTS_MS;
    answer(cameraOnly && details.isMainFrame && isOwn(details.requestingUrl) && clicked);
  });
  // Asked before a request, and by questions such as the names of cameras: those need no click.
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    return permission === 'media' && details.mediaType === 'video' && isOwn(origin);
  });
  session.setDevicePermissionHandler(() => false);
}

/** Nothing is loaded but our own pages: not by a page, not by Chromium itself. No proxy is looked for either. */
export function guardNetwork(session: Session): void {
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const { protocol } = new URL(url);
    const local = isOwn(url) || protocol === 'blob:' || protocol === 'data:' || protocol === 'devtools:';
    answer({ cancel: !local });
  });
  void session.setProxy({ mode: 'direct' });
}
