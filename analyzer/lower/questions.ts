import type { Sources } from './sources';
import type { TypeOracle } from './world/structs';

/** What a lowering asks of what is around it, by what it asks for; each of it answers alike when it is asked again. */
export interface Asked {
	readonly sources: Sources;
	readonly oracle: TypeOracle;
	readonly sets: (fn: string, local: string) => boolean;
}

type Kind = 'defined' | 'changed' | 'model' | 'elsewhere' | 'constant' | 'macro' | 'global' | 'returns' | 'conventional' | 'slot' | 'struct' | 'typedef' | 'ours' | 'sets';

interface Question {
	readonly kind: Kind;
	readonly first: string;
	readonly second: string;
	readonly answer: unknown;
}

/** What one lowering asked, in order, with the answers: where all answers are the same again, so is what comes of them. */
export class Questions {
	private readonly asked: Question[] = [];

	/** `table`: is asked for nothing, so it must be the same one. */
	constructor(private readonly table: Sources['table']) {}

	/** The same sources; what is asked of them is kept. */
	of({ sources, oracle, sets }: Asked): Asked {
		const keep = <T>(kind: Kind, ask: (first: string, second: string) => T): ((first: string, second?: string) => T) => {
			const known = new Map<string, T>();
			return (first, second = '') => {
				const key = second === '' ? first : `${first}\n${second}`;
				const before = known.get(key);
				if (before !== undefined || known.has(key)) return before as T;
				const answer = ask(first, second);
				known.set(key, answer);
				this.asked.push({ kind, first, second, answer });
				return answer;
			};
		};
		return {
			sources: {
				table: sources.table, expression: sources.expression,
				defined: keep('defined', sources.defined), changed: keep('changed', sources.changed), model: keep('model', sources.model), elsewhere: keep('elsewhere', sources.elsewhere),
				constant: keep('constant', sources.constant), macro: keep('macro', sources.macro), global: keep('global', sources.global), returns: keep('returns', sources.returns),
				conventional: keep('conventional', sources.conventional), slot: keep('slot', sources.slot),
			},
			oracle: {
				canonicalName: oracle.canonicalName, typeStable: oracle.typeStable, instances: oracle.instances,
				struct: keep('struct', oracle.struct), typedef: keep('typedef', oracle.typedef), ours: keep('ours', oracle.ours),
			},
			sets: keep('sets', sets),
		};
	}

	/** They are answered there as they were here. */
	answeredAlike({ sources, oracle, sets }: Asked): boolean {
		const asked: { readonly [K in Kind]: (first: string, second: string) => unknown } = { ...sources, ...oracle, sets };
		return sources.table === this.table && this.asked.every(({ kind, first, second, answer }) => alike(answer, asked[kind](first, second)));
	}
}

const known = new WeakMap<object, WeakSet<object>>();

/** Two answers: the same, or structs, types and macros that are written alike. Of functions only the same definition will do. */
function alike(a: unknown, b: unknown): boolean {
	if (a === b) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || 'fn' in a || 'fn' in b) return false;
	if (known.get(a)?.has(b)) return true;
	const same = 'body' in a && 'body' in b ? alikeMacros(a as Macro, b as Macro) : JSON.stringify(a) === JSON.stringify(b);
	if (same) known.set(a, (known.get(a) ?? new WeakSet()).add(b));
	return same;
}

type Macro = NonNullable<ReturnType<Sources['macro']>>;

function alikeMacros(a: Macro, b: Macro): boolean {
	const place = ({ file, body }: Macro): string => JSON.stringify([file.path, file.modelled, file.place(body.line)]);
	return a.body.name === b.body.name && a.body.body.text === b.body.body.text && JSON.stringify(a.params) === JSON.stringify(b.params) && place(a) === place(b);
}
