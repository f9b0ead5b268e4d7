// Opens a library, says its number, and stays until it is killed.
import { openLibrary } from '#core/libraries/open.ts';
import { silent } from '#core/log.ts';

const library = openLibrary(process.argv[2] ?? '', { log: silent });
process.send?.(library.owner);
setInterval(() => undefined, 1000);
