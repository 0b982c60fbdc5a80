import { describe, expect, it } from 'vitest';
import { isNext, releasedIn, unreleasedOf } from '../../scripts/changelog.ts';

const CHANGELOG =
  '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- More.\n\n## [0.1.0] - 2026-11-23\n\n- First.\n';

describe('the changelog at a release', () => {
  it('gives what is unreleased, and nothing of versions before', () => {
    expect(unreleasedOf(CHANGELOG)).toBe('### Added\n\n- More.');
  });

  it('puts the version and the date above it, and leaves all else as it is', () => {
    expect(releasedIn(CHANGELOG, '0.2.0', '2026-12-01')).toBe(
      CHANGELOG.replace('## [Unreleased]\n', '## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n'),
    );
  });

  it('keeps a version from being released of which it says nothing', () => {
    const released = releasedIn(CHANGELOG, '0.2.0', '2026-12-01');
    expect(() => releasedIn(released, '0.3.0', '2026-12-02')).toThrow('says nothing');
    expect(() => unreleasedOf('# Changelog\n')).toThrow('no heading');
  });

  it.each([
    ['0.2.0', '0.1.0', true],
    ['0.1.1', '0.1.0', true],
    ['1.0.0', '0.9.12', true],
    ['0.10.0', '0.9.0', true],
    ['0.1.0', '0.1.0', false],
    ['0.0.9', '0.1.0', false],
    ['0.2', '0.1.0', false],
    ['v0.2.0', '0.1.0', false],
    ['0.02.0', '0.1.0', false],
    ['0.2.0-rc.1', '0.1.0', false],
  ])('takes %s after %s: %s', (version, before, isTaken) => {
    expect(isNext(version, before)).toBe(isTaken);
  });
});
