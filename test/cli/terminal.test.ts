import { describe, expect, it } from 'vitest';
import { formatTable } from '../../server/cli/reports/table.ts';
import { ProgressBar } from '../../server/cli/terminal.ts';

function stream(isTTY: boolean, columns: number) {
  const written: string[] = [];
  return { isTTY, columns, write: (text: string) => written.push(text), written };
}

describe('ProgressBar', () => {
  it('draws one line over and over, and takes it away', () => {
    const terminal = stream(true, 80);
    const bar = new ProgressBar(terminal);
    bar.update(0, 'Net');
    bar.update(0.5, 'Net');
    bar.update(0.5, 'Net');
    bar.clear();
    bar.clear();
    expect(terminal.written).toEqual([
      `\r\u001b[K${'░'.repeat(24)}   0 %  Net`,
      `\r\u001b[K${'█'.repeat(12)}${'░'.repeat(12)}  50 %  Net`,
      '\r\u001b[K',
    ]);
  });

  it('fits a narrow terminal, and one that does not know its width', () => {
    const narrow = stream(true, 20);
    new ProgressBar(narrow).update(1, 'A long name');
    expect(narrow.written[0]).toBe(`\r\u001b[K${'█'.repeat(19)}`);
    const unknown = stream(true, 0);
    new ProgressBar(unknown).update(1, 'Net');
    expect(unknown.written[0]).toContain('100 %  Net');
  });

  it('is silent where nobody watches', () => {
    const file = stream(false, 80);
    const bar = new ProgressBar(file);
    bar.update(0.5, 'Net');
    bar.clear();
    expect(file.written).toEqual([]);
  });
});

describe('formatTable', () => {
  it('aligns columns and leaves no blanks at line ends', () => {
    const columns = [
      { title: 'name', align: 'left' },
      { title: 'n', align: 'right' },
      { title: 'note', align: 'left' },
    ] as const;
    expect(
      formatTable(columns, [
        ['a', '100', ''],
        ['longer', '7', 'x'],
      ]),
    ).toEqual(['name      n  note', 'a       100', 'longer    7  x']);
  });
});
