import { parseArgs } from 'node:util';
import { REPORT_FORMATS, type ReportFormat } from '../analyzer/present';

/** What the words on the command line ask for. Pure: nothing is opened here. */

export type Command =
	| { readonly kind: 'help' }
	| { readonly kind: 'version' }
	| CheckCommand
	| SimulateCommand
	| UnknownCommand;

interface Common {
	/** The kernel tree, as given. */
	readonly tree: string | null;
	readonly progress: boolean;
}

export interface CheckCommand extends Common {
	readonly kind: 'check';
	/** Files, folders, git ranges, `-`; none: the working tree's changes against HEAD. */
	readonly inputs: readonly string[];
	readonly scenario: string | null;
	readonly suppressions: string | null;
	readonly format: ReportFormat;
	/** For which failures it is looked for what would end them: none, those told against the patch, or also those that it leaves as they were. */
	readonly suggest: SuggestFor;
}

export const SUGGEST_FOR = ['none', 'told', 'all'] as const;
export type SuggestFor = (typeof SUGGEST_FOR)[number];

export interface SimulateCommand extends Common {
	readonly kind: 'simulate';
	readonly functions: readonly string[];
	readonly tree: string;
	readonly scenario: string | null;
	readonly suppressions: string | null;
	readonly format: ReportFormat;
}

/** Lists the calls of the inputs that neither table, models nor source know. */
export interface UnknownCommand extends Common {
	readonly kind: 'unknown';
	readonly inputs: readonly string[];
	readonly format: 'text' | 'json';
}

/** The command line cannot be used; `message` says how it should have been. */
export class UsageError extends Error {}

const OPTIONS = {
	tree: { type: 'string' },
	scenario: { type: 'string' },
	suppressions: { type: 'string' },
	format: { type: 'string' },
	suggest: { type: 'string' },
	progress: { type: 'boolean' },
	help: { type: 'boolean', short: 'h' },
	version: { type: 'boolean', short: 'V' },
} as const;

type OptionName = keyof typeof OPTIONS;

/** What each command takes besides --help and --version. */
const TAKES: Readonly<Record<'check' | 'simulate' | 'unknown', readonly OptionName[]>> = {
	check: ['tree', 'scenario', 'suppressions', 'format', 'suggest', 'progress'],
	simulate: ['tree', 'scenario', 'suppressions', 'format', 'progress'],
	unknown: ['tree', 'format', 'progress'],
};

const C_IDENTIFIER = /^[A-Za-z_]\w*$/;

const isOneOf = <T extends string>(value: string, known: readonly T[]): value is T => (known as readonly string[]).includes(value);

function formatFrom<T extends string>(value: string | undefined, known: readonly T[], fallback: T): T {
	if (value === undefined) {
		return fallback;
	}
	if (!isOneOf(value, known)) {
		throw new UsageError(`--format ${value}: there is no such format; known are ${known.join(', ')}`);
	}
	return value;
}

/** Throws `UsageError` for what it cannot read. */
export function commandFrom(words: readonly string[]): Command {
	let parsed: ReturnType<typeof parse>;
	try {
		parsed = parse(words);
	} catch (error) {
		// node:util's own sentences name the option; its hint about `--` only confuses.
		throw new UsageError(error instanceof Error ? error.message.replace(/\. To specify a positional argument.*$/s, '') : String(error));
	}
	const { values, positionals } = parsed;
	if (values.version) {
		return { kind: 'version' };
	}
	const [name, ...operands] = positionals;
	if (values.help || name === undefined || name === 'help') {
		return { kind: 'help' };
	}
	if (!isOneOf(name, ['check', 'simulate', 'unknown'] as const)) {
		throw new UsageError(`${name}: there is no such command; known are check, simulate, unknown`);
	}
	for (const option of Object.keys(values) as OptionName[]) {
		if (!TAKES[name].includes(option)) {
			throw new UsageError(`race-review ${name} takes no --${option}`);
		}
	}
	const common = { tree: values.tree ?? null, progress: values.progress ?? false };
	const judged = { ...common, scenario: values.scenario ?? null, suppressions: values.suppressions ?? null };
	switch (name) {
		case 'check': {
			const suggest = values.suggest ?? 'told';
			if (!isOneOf(suggest, SUGGEST_FOR)) {
				throw new UsageError(`--suggest ${suggest}: known are ${SUGGEST_FOR.join(', ')}`);
			}
			return { kind: 'check', ...judged, inputs: operands, format: formatFrom(values.format, REPORT_FORMATS, 'text'), suggest };
		}
		case 'simulate': {
			if (!operands.length) {
				throw new UsageError('race-review simulate needs the name of at least one function');
			}
			const odd = operands.find((operand) => !C_IDENTIFIER.test(operand.replace(/\(\)$/, '')));
			if (odd !== undefined) {
				throw new UsageError(`${odd}: not the name of a function`);
			}
			if (common.tree === null) {
				throw new UsageError('race-review simulate needs --tree DIR, the tree that holds the functions');
			}
			return {
				kind: 'simulate', ...judged, tree: common.tree,
				functions: operands.map((operand) => operand.replace(/\(\)$/, '')), format: formatFrom(values.format, REPORT_FORMATS, 'text'),
			};
		}
		case 'unknown':
			return { kind: 'unknown', ...common, inputs: operands, format: formatFrom(values.format, ['text', 'json'] as const, 'text') };
	}
}

const parse = (words: readonly string[]) => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true });
