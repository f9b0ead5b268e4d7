// The child of that application: works through the product's own working end.
import { work } from '#core/children/work.ts';

work({
  facts: () => ({ pid: process.pid, environment: process.env['OSTEON_TEST'] }),
  echo: (bytes: never) => bytes,
  exit: () => process.exit(3),
  crash: () => process.abort(),
  // Never lets go of its thread: hears no request, only the end.
  loop: () => {
    for (;;);
  },
});
