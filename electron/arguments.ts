// Films and folders named on the command line, or handed over by a second start of the application.
// Must not open them.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Existing files among the arguments, as whole paths. Unpackaged, the first one names the application itself. */
export function filesIn(argv: string[], packaged: boolean, folder: string): string[] {
  return argv
    .slice(1)
    .filter((argument) => !argument.startsWith('-'))
    .slice(packaged ? 0 : 1)
    .map((argument) => pathOf(argument, folder))
    .filter((path) => path !== null)
    .filter((path) => existsSync(path));
}

/** Desktops of Linux pass a file that is opened as an address (`%U` in a desktop entry). Null where it is on no disk here. */
function pathOf(argument: string, folder: string): string | null {
  if (!/^file:/i.test(argument)) return resolve(folder, argument);
  try {
    return fileURLToPath(argument);
  } catch {
    return null;
  }
}

const handedOver = z.object({ files: z.array(z.string().max(32_768)).max(100_000) });

/** What a second start hands over; nothing where it is something else. */
export function filesHandedOver(data: unknown): string[] {
  const parsed = handedOver.safeParse(data);
  return parsed.success ? parsed.data.files : [];
}
