// The window: how it looks before its page is there, and where it stands. One at a time.
// Must not know what the page shows.
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { readPlace, rememberPlace } from './place.ts';
import { START, webPreferences } from './security.ts';

/** Colours of the page's own background (renderer/theme.css), so that it does not flash while it loads. */
const BACKGROUND = { dark: '#0c0d0f', light: '#eceef0' };

export function openWindow(options: { preload: string; placeFile: string; icon: string }): BrowserWindow {
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
  const { maximized = false, ...place } = readPlace(options.placeFile, screens) ?? { width: 1440, height: 900 };
  const window = new BrowserWindow({
    ...place,
    minWidth: 880,
    minHeight: 560,
    show: false,
    title: 'Osteon',
    icon: options.icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: { ...webPreferences, preload: options.preload },
  });
  rememberPlace(window, options.placeFile);
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  void window.loadURL(START);
  return window;
}
