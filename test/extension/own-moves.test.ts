import { describe, expect, it } from 'vitest';
import { OwnMoves } from '../../extension/stepper/own-moves';

/** `ask 3`, `told 3`, `wait 100` in turn; expects for each `told` whether the move was the stepper's own. */
const check = (happens: string, expected: readonly boolean[]): void => {
	let now = 0;
	const moves = new OwnMoves(() => now);
	const own: boolean[] = [];
	for (const event of happens.split(', ')) {
		const [what, number] = event.split(' ');
		if (what === 'ask') moves.ask(Number(number));
		else if (what === 'told') own.push(moves.isOwn(Number(number)));
		else now += Number(number);
	}
	expect(own).toEqual(expected);
};

describe('moves of the editor\'s cursor', () => {
	it('are the stepper\'s own though it has moved on', () => check('ask 3, ask 9, told 3, told 9', [true, true]));
	it('are the reader\'s own once those that were asked for are done', () => check('ask 3, told 3, told 3', [true, false]));
	it('of which some are never told of', () => check('ask 3, ask 9, told 9, told 3', [true, false]));
	it('are the reader\'s own anywhere else', () => check('ask 3, told 4, told 3', [false, true]));
	it('are the reader\'s own when it is long ago', () => check('ask 3, wait 5000, told 3', [false]));
});
