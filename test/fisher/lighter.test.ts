import { describe, expect, it } from 'vitest';
import { alternativesText, lighterSettings } from '../../server/fisher/lighter.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { refusal } from '../../server/score/settings.ts';

describe('what would make a score cheaper', () => {
  const text = (settings: Parameters<typeof lighterSettings>[0]): string => {
    const { estimator, samples, indexSets } = lighterSettings(settings);
    return alternativesText([...estimator, ...samples, ...indexSets]);
  };

  it('is never what is in force already', () => {
    expect(text(namedSettings.paper)).toBe('a sketch estimator or fewer samples');
    expect(text(namedSettings.settled)).toBe('fewer samples or fewer index sets');
    expect(text({ ...namedSettings.settled, indexSets: 1 })).toBe('fewer samples');
  });

  it('is never what would be refused', () => {
    const least = { ...namedSettings.settled, samples: 32, indexSets: 1 };
    expect(text(least)).toBe('');
    expect(refusal({ ...least, samples: 31 }, 10)).toBeDefined();
    expect(text({ ...least, estimator: { kind: 'sketch', signs: 2 } })).toBe(
      'a sketch of fewer signs or fewer samples',
    );
    const few = { ...least, samples: 8, estimator: { kind: 'sketch', signs: 4 } } as const;
    expect(text(few)).toBe('');
  });
});
