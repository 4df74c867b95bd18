import { describe, expect, it } from 'vitest';
import { parseScenarios } from '../../analyzer/scenarios/shown/asked';

const check = (text: string, scenarios: readonly (readonly string[])[], problems: readonly string[] = []): void => expect(parseScenarios(text)).toEqual({ scenarios, problems });

describe('a scenario that is asked for', () => {
	it('threads with and without names', () => check('# fault\nCPU0: foo_fault\nfoo_drop()  # the other\n', [['foo_fault', 'foo_drop']]));
	it('an empty line begins another; a comment does not', () => check('a\n# still the first\nb\n\nc\r\nd\r\n', [['a', 'b'], ['c', 'd']]));
	it('what cannot be read leaves its scenario out, and only that', () => check('CPU0: rm -rf /\nb\n\nc\n', [['c']], ['scenario line 1: not of the form `CPU0: function`']));
	it('nothing in it', () => check('# nothing\n', [], ['the scenario names no thread']));
	it('too many threads', () => check('a\nb\nc\nd\ne\nf\ng\n', [], ['scenario of a, b, c, d, e, f, g: more than 6 threads']));
});
