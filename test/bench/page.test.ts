import { expect, it } from 'vitest';
import { withSection } from '../../bench/page.ts';

it('puts a section in the place of the older one, and leaves the others', () => {
  const first = withSection(withSection('# Page\n', 'One', ['1']), 'Two', ['2']);
  expect(first).toBe('# Page\n\n## One\n\n1\n\n## Two\n\n2\n');
  expect(withSection(first, 'One', ['anew', '', '### Table'])).toBe(
    '# Page\n\n## One\n\nanew\n\n### Table\n\n## Two\n\n2\n',
  );
});
