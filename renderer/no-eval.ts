// Tells zod, wherever it is loaded, not to try compiling functions: the window's policy forbids it and would report it.
// Must come before anything that could load zod.
declare global {
  var __zod_globalConfig: { jitless?: boolean } | undefined;
}

globalThis.__zod_globalConfig = { jitless: true };

export {};
