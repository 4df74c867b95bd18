import { describe, expect, it } from 'vitest';
import { commandFrom, UsageError } from '../../cli/arguments';

/** `command line` beside what it means; `!` begins the sentence of a refusal. */
const TABLE: readonly (readonly [string, string])[] = [
	['', 'help'],
	['help', 'help'],
	['check --help', 'help'],
	['--version', 'version'],
	['-V', 'version'],
	['check', 'check inputs= tree= format=text'],
	['check a.patch b.mbox', 'check inputs=a.patch,b.mbox tree= format=text'],
	['check - --tree ../linux --format json', 'check inputs=- tree=../linux format=json'],
	['check --format=b4 -', 'check inputs=- tree= format=b4'],
	['check -- -odd.patch', 'check inputs=-odd.patch tree= format=text'],
	['simulate foo_open() foo_close --tree .', 'simulate functions=foo_open,foo_close tree=. format=text'],
	['unknown a.patch --format json', 'unknown inputs=a.patch tree= format=json'],
	['chekc a.patch', '!chekc: there is no such command; known are check, simulate, unknown'],
	['check --format yaml', '!--format yaml: there is no such format; known are text, json, sarif, markdown, reply, b4'],
	['check --tree', "!Option '--tree <value>' argument missing"],
	['check --trees x', "!Unknown option '--trees'"],
	['simulate --tree .', '!race-review simulate needs the name of at least one function'],
	['simulate foo', '!race-review simulate needs --tree DIR, the tree that holds the functions'],
	['simulate foo; --tree .', '!foo;: not the name of a function'],
	['unknown --format sarif', '!--format sarif: there is no such format; known are text, json'],
	['unknown --scenario x', '!race-review unknown takes no --scenario'],
];

const meaning = (line: string): string => {
	try {
		const command = commandFrom(line.split(' ').filter((word) => word !== ''));
		switch (command.kind) {
			case 'help':
			case 'version':
				return command.kind;
			case 'simulate':
				return `simulate functions=${command.functions.join()} tree=${command.tree} format=${command.format}`;
			default:
				return `${command.kind} inputs=${command.inputs.join()} tree=${command.tree ?? ''} format=${command.format}`;
		}
	} catch (error) {
		if (!(error instanceof UsageError)) {
			throw error;
		}
		return `!${error.message}`;
	}
};

describe('the command line', () => {
	it.each(TABLE)('%s', (line, expected) => expect(meaning(line)).toBe(expected));
});
