// What every page is refused, whichever window it is in: going elsewhere, opening windows, holding another page.
import type { App, WebContents } from 'electron';
import { watchClicks } from './permissions.ts';
import { isOwn } from './security.ts';

export function guardContents(app: App): void {
  app.on('web-contents-created', (_event, contents) => guard(contents));
}

function guard(contents: WebContents): void {
  watchClicks(contents);
  const stay = (event: { preventDefault(): void }, address: string) => {
    if (!isOwn(address)) event.preventDefault();
  };
  contents.on('will-navigate', (event) => stay(event, event.url));
  contents.on('will-redirect', (event) => stay(event, event.url));
  contents.on('will-frame-navigate', (event) => stay(event, event.url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
