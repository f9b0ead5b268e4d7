// Sums up what every part of `npm test` says: how many passed, which failed, which were skipped and why.
import { existsSync, readFileSync } from 'node:fs';

export class Tally {
  passed = 0;
  /** @type {string[]} */
  failed = [];
  /** @type {string[]} */
  skipped = [];

  /** @param {string} name @param {boolean} ok */
  one(name, ok) {
    if (ok) this.passed++;
    else this.failed.push(name);
  }

  /** @param {string} what @param {string} why */
  skip(what, why) {
    this.skipped.push(`${what}: ${why}`);
  }

  /**
   * Adds the counts of count-unit.mjs.
   * @param {string} path
   * @param {number} code what the runner ended with
   * @param {string[]} mustRun files whose needs were provided: a test of theirs that is skipped hides what it should show
   */
  addUnit(path, code, mustRun = []) {
    const count = read(path);
    if (!count) return this.one('the unit tests could not be run', false);
    this.passed += count.passed;
    this.failed.push(...count.failed);
    for (const name of count.skipped) {
      if (mustRun.some((file) => name.startsWith(`${file} > `))) this.one(`${name} was skipped`, false);
      else this.skipped.push(name);
    }
    if (code !== 0 && count.failed.length === 0) this.one('the unit tests ended with an error', false);
  }

  /**
   * Adds a report of Playwright.
   * @param {string} path
   * @param {number} code what the runner ended with
   * @param {string} what
   * @param {boolean} mustRun all that they need was provided: one that is skipped hides what it should show
   */
  addWindow(path, code, what, mustRun = false) {
    const report = read(path);
    if (!report) return this.one(`${what} could not be run`, false);
    const before = this.failed.length;
    for (const suite of report.suites) this.#addSuite(suite, what, mustRun);
    for (const error of report.errors) this.failed.push(`${what}: ${String(error.message).split('\n')[0]}`);
    if (code !== 0 && this.failed.length === before) this.one(`${what} ended with an error`, false);
  }

  /** @param {any} suite @param {string} what @param {boolean} mustRun */
  #addSuite(suite, what, mustRun) {
    for (const inner of suite.suites ?? []) this.#addSuite(inner, what, mustRun);
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const name = `${what}: ${spec.file} > ${spec.title}`;
        const why = test.annotations.find((/** @type {any} */ note) => note.type === 'skip')?.description;
        if (test.status === 'skipped' && mustRun) this.one(`${name} was skipped: ${why ?? 'no reason given'}`, false);
        else if (test.status === 'skipped') this.skip(name, why ?? 'no reason given');
        else this.one(name, test.status === 'expected');
      }
    }
  }

  /** The last words: what failed, what was skipped and why, and the closing line. */
  words() {
    const lines = [];
    if (this.failed.length > 0) lines.push('Failed:', ...this.failed.map((name) => `  ${name}`));
    if (this.skipped.length > 0) lines.push('Skipped:', ...this.skipped.map((name) => `  ${name}`));
    const counts = [`${this.passed} passed`, `${this.failed.length} failed`];
    if (this.skipped.length > 0) counts.push(`${this.skipped.length} skipped`);
    return [...lines, counts.join(', ')].join('\n');
  }
}

/** @param {string} path */
function read(path) {
  try {
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
  } catch {
    return null;
  }
}
