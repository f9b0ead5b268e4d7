// Lint rules, and the one table of who may import whom.
import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Top folder -> top folders it may import from. */
const layers = {
  api: [],
  db: ['api'],
  core: ['api', 'db'],
  electron: ['api', 'core'],
  cli: ['api', 'core'],
  renderer: ['api'],
};

/** Heavy dependency -> the one place it lives in. */
const homes = {
  'better-sqlite3': 'db/',
  kysely: 'db/',
  sharp: 'core/imaging/',
  dcmjs: 'core/imaging/',
  '@cornerstonejs/codec-*': 'core/imaging/',
  '@tensorflow/*': 'core/cnn/',
  electron: 'electron/',
  hono: 'cli/',
  commander: 'cli/',
  svelte: 'renderer/',
  '@cornerstonejs/core': 'renderer/viewer/',
  'chart.js': 'renderer/charts/',
};

const everything = Object.keys(layers);

function importRules(folder) {
  const closed = everything.filter((other) => other !== folder && !layers[folder].includes(other));
  return {
    files: [`${folder}/**/*.{ts,svelte}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...closed.map((other) => ({
              group: [`#${other}/*`, `#${other}/**`, `**/../${other}/**`],
              message: `${folder} may import ${layers[folder].join(', ') || 'nothing of ours'} only`,
            })),
            ...Object.entries(homes)
              .filter(([, home]) => !home.startsWith(`${folder}/`))
              .map(([name, home]) => ({ group: [name, `${name}/*`], message: `${name} lives in ${home}` })),
          ],
        },
      ],
    },
  };
}

/** Inside a layer, a dependency with a narrower home is closed to the other folders. */
function narrowHomes() {
  const narrow = Object.entries(homes)
    .map(([name, home]) => ({ name, home, folder: home.split('/')[0] }))
    .filter(({ home, folder }) => home !== `${folder}/`);
  const folders = [...new Set(narrow.map((n) => n.folder))];
  const blocks = [];
  for (const folder of folders) {
    const inside = narrow.filter((n) => n.folder === folder);
    const base = importRules(folder).rules['no-restricted-imports'][1].patterns;
    const close = (names) =>
      names.map((n) => ({ group: [n.name, `${n.name}/*`], message: `${n.name} lives in ${n.home}` }));
    blocks.push({
      files: [`${folder}/**/*.{ts,svelte}`],
      rules: { 'no-restricted-imports': ['error', { patterns: [...base, ...close(inside)] }] },
    });
    for (const home of new Set(inside.map((n) => n.home))) {
      blocks.push({
        files: [`${home}**/*.{ts,svelte}`],
        rules: {
          'no-restricted-imports': ['error', { patterns: [...base, ...close(inside.filter((n) => n.home !== home))] }],
        },
      });
    }
  }
  return blocks;
}

export default ts.config(
  { ignores: ['out/', 'dist/', 'node_modules/', '.runtime/', '.svelte-check/', 'test-results/', 'playwright-report/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-undef': 'off',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-extraneous-class': 'off',
      'svelte/no-at-html-tags': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: "MemberExpression[property.name='innerHTML']", message: 'text goes in as text' },
        { selector: "MemberExpression[property.name='outerHTML']", message: 'text goes in as text' },
        { selector: "CallExpression[callee.property.name='insertAdjacentHTML']", message: 'text goes in as text' },
        { selector: 'Literal[value=/^https?:/]', message: 'nothing leaves the machine: no remote addresses' },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
  },
  ...everything.map(importRules),
  ...narrowHomes(),
  {
    files: ['test/**', '*.config.*', 'scripts/**'],
    rules: {
      'import-x/no-default-export': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // They start before the modules are installed; what needs one imports it where it is used.
    files: ['scripts/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!node:|\\.)', message: 'scripts import Node and each other only, before set-up' }] },
      ],
    },
  },
);
