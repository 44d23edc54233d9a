import { join, relative, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const tests = join(import.meta.dirname, '..');

/**
 * An order of test files in which these come first within their project: what takes longest would else run last, with nothing
 * beside it. Vitest orders by sizes of files on a machine that has not run them.
 *
 * @param names below test/
 */
export function first(names: readonly string[]): typeof BaseSequencer {
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const sorted = await super.sort(files);
      const rank = ({ moduleId }: TestSpecification): number => {
        const place = names.indexOf(relative(tests, moduleId).replaceAll(sep, '/'));
        return place === -1 ? names.length : place;
      };
      const projects = [...new Set(sorted.map(({ project }) => project.name))];
      return projects.flatMap((name) =>
        sorted.filter(({ project }) => project.name === name).sort((a, b) => rank(a) - rank(b)),
      );
    }
  };
}
