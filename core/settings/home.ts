// Where this user's settings lie on this computer, the same for every host.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `OSTEON_HOME` names another folder. */
export function homeFolder(): string {
  if (process.env['OSTEON_HOME']) return process.env['OSTEON_HOME'];
  if (process.platform === 'win32') return join(process.env['APPDATA'] ?? homedir(), 'Osteon');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Osteon');
  return join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'osteon');
}
