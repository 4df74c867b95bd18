import { isSame, type Move } from './moved';
import type { Definition, Sources } from '../sources';
import type { TypeOracle } from '../world/structs';

/** What a lowering asks of what is around it, by what it asks for; each of it answers alike when it is asked again. */
export interface Asked {
	readonly sources: Sources;
	readonly oracle: TypeOracle;
	readonly sets: (fn: string, local: string) => boolean;
}

type Kind = 'defined' | 'changed' | 'replaced' | 'tooMuch' | 'model' | 'elsewhere' | 'constant' | 'macro' | 'walk' | 'global' | 'returns' | 'conventional' | 'slot' | 'struct' | 'typedef' | 'ours' | 'sets';

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
			const known = new Map<string, Map<string, T>>();
			return (first, second = '') => {
				const bySecond = known.get(first);
				const before = bySecond?.get(second);
				if (before !== undefined || bySecond?.has(second)) return before as T;
				const answer = ask(first, second);
				if (bySecond) bySecond.set(second, answer);
				else known.set(first, new Map([[second, answer]]));
				this.asked.push({ kind, first, second, answer });
				return answer;
			};
		};
		return {
			sources: {
				table: sources.table, expression: sources.expression,
				defined: keep('defined', sources.defined), changed: keep('changed', sources.changed), replaced: keep('replaced', sources.replaced), tooMuch: keep('tooMuch', sources.tooMuch), model: keep('model', sources.model), elsewhere: keep('elsewhere', sources.elsewhere),
				constant: keep('constant', sources.constant), macro: keep('macro', sources.macro), walk: keep('walk', sources.walk), global: keep('global', sources.global), returns: keep('returns', sources.returns),
				conventional: keep('conventional', sources.conventional), slot: keep('slot', sources.slot),
			},
			oracle: {
				canonicalName: oracle.canonicalName, typeStable: oracle.typeStable, instances: oracle.instances,
				struct: keep('struct', oracle.struct), typedef: keep('typedef', oracle.typedef), ours: keep('ours', oracle.ours),
			},
			sets: keep('sets', sets),
		};
	}

	/** They are answered there as they were here: what of the functions stands elsewhere by now. Null where something else is answered. */
	answeredAlike({ sources, oracle, sets }: Asked): readonly Move[] | null {
		const asked: { readonly [K in Kind]: (first: string, second: string) => unknown } = { ...sources, ...oracle, sets };
		if (sources.table !== this.table) return null;
		const moves: Move[] = [];
		for (const { kind, first, second, answer } of this.asked) {
			const now = asked[kind](first, second);
			if (answer === now) continue;
			const move = kind === 'macro' ? macroMoved(answer, now) : alike(answer, now);
			if (move === false) return null;
			if (move !== true) moves.push(move);
		}
		return moves;
	}

	/** The same questions with what is answered now. */
	movedTo({ sources, oracle, sets }: Asked): Questions {
		const asked: { readonly [K in Kind]: (first: string, second: string) => unknown } = { ...sources, ...oracle, sets };
		const moved = new Questions(this.table);
		moved.asked.push(...this.asked.map((question) => ({ ...question, answer: asked[question.kind](question.first, question.second) })));
		return moved;
	}
}

const known = new WeakMap<object, WeakSet<object>>();

const isDefinition = (value: object): value is Definition => 'fn' in value && 'file' in value;

/** Two answers are alike: structs and types that are written alike; a function that was moved is a move. */
export function alike(a: unknown, b: unknown): boolean | Move {
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	if (isDefinition(a) && isDefinition(b)) return isSame(a, b) && { from: a, to: b };
	if (isDefinition(a) || isDefinition(b)) return false;
	if (known.get(a)?.has(b)) return true;
	const same = written(a) === written(b);
	if (same) known.set(a, (known.get(a) ?? new WeakSet()).add(b));
	return same;
}

/** Without where it stands. */
const written = (value: object): string => JSON.stringify(value, (key, each: unknown) => (key === 'line' ? undefined : each));

type Macro = ReturnType<Sources['macro']>;

/** A macro of the same text, in its file. */
function macroMoved(before: unknown, now: unknown): boolean | Move {
	const [a, b] = [before as Macro, now as Macro];
	if (!a || !b || a.body.name !== b.body.name || a.body.body.text !== b.body.body.text || a.file.path !== b.file.path || JSON.stringify(a.params) !== JSON.stringify(b.params)) return false;
	const [from, to] = [a, b].map(({ body, file }) => ({ fn: body, file })) as [Definition, Definition];
	return JSON.stringify(from.file.place(1)) === JSON.stringify(to.file.place(1)) || { from, to };
}
