// What keeps the window in its box, as data: Electron's own checklist, one place to read and to test it.
// Must not decide anything at run time but whether an address is ours.

/** The only origin there is: a scheme of our own, so that no file:// page has any right (point 18 of the list). */
export const SCHEME = 'app';
export const HOST = 'osteon';
export const START = `${SCHEME}://${HOST}/`;

export const privileges = { standard: true, secure: true, supportFetchAPI: true };

/** Points 2 to 6, 8 to 11 of Electron's list; defaults are spelled out, so that a changed default changes nothing. */
export const webPreferences = {
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  // The spelling checker would fetch its dictionaries from the internet.
  spellcheck: false,
};

/**
 * Chromium's own network habits, switched off: nothing leaves the machine. No name resolves, whoever asks for it.
 * Our own scheme needs no names.
 */
export const switches: [name: string, value?: string][] = [
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['disable-sync'],
  ['no-pings'],
  ['no-default-browser-check'],
  ['webrtc-ip-handling-policy', 'disable_non_proxied_udp'],
  ['force-webrtc-ip-handling-policy'],
];

/** Headers of every answer, beside the content security policy of api/policy.ts. */
export const headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
};

/** Whether an address is of our own origin. Node's URL knows no origin of own schemes, so its parts are compared. */
export function isOwn(address: string | undefined): boolean {
  if (!address || !URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === `${SCHEME}:` && host === HOST && username === '' && password === '';
}
