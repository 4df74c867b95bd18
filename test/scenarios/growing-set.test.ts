import { expect, test } from 'vitest';
import { GrowingSet } from '../../analyzer/lower/again/growing-set';

const settled = (pass: (set: GrowingSet) => void): boolean => {
	const set = new GrowingSet(['known']);
	set.begin();
	pass(set);
	return set.settled;
};

test('what was missed and came later asks for another pass', () => {
	expect(settled((set) => { set.has('flag'); set.add('flag'); })).toBe(false);
});

test('what nobody asked for, asked for later or knew already asks for none', () => {
	expect(settled((set) => { set.add('flag'); set.has('flag'); set.has('known'); set.add('other'); set.has('never'); })).toBe(true);
});
