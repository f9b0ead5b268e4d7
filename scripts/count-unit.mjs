// A vitest reporter that only counts, and keeps why a test was skipped; the file is named by OSTEON_COUNT.
import { writeFileSync } from 'node:fs';

export default class CountUnit {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<unknown>} errors
   */
  onTestRunEnd(modules, errors) {
    const count = { passed: 0, failed: /** @type {string[]} */ ([]), skipped: /** @type {string[]} */ ([]) };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      if (!module.ok() && tests.every((test) => test.ok()))
        count.failed.push(`${module.relativeModuleId} could not be run`);
      for (const test of tests) {
        const result = test.result();
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        if (result.state === 'passed') count.passed++;
        else if (result.state === 'failed') count.failed.push(name);
        else count.skipped.push(`${name}: ${(result.state === 'skipped' && result.note) || 'no reason given'}`);
      }
    }
    count.failed.push(...errors.map((error) => String(/** @type {Error} */ (error).message ?? error)));
    writeFileSync(process.env.OSTEON_COUNT ?? 'count.json', JSON.stringify(count));
  }
}
