import type { Op, Program } from '../../../sim';
import type { LoadBearing } from '../../review';
import type { Slices } from '../slices';
import { explored } from './explored';
import { type Judged, EXPLORATION } from '../verdict';

/** Operations that keep threads apart or objects alive: what taking them away may bring back. */
const SYNCHRONISING: ReadonlySet<Op['op']> = new Set(['lock', 'trylock', 'get', 'grace-begin', 'join', 'cancel', 'rcu', 'fence', 'await', 'spawn']);
/** Lines tried per scenario. */
const LINES_BOUND = 10;

/** For each synchronising line of the reviewed source: how many failures come back without it. Lines that bring none back are left out. */
export function* loadBearing(judged: Judged): Slices<readonly LoadBearing[]> {
	if (judged.verdict !== 'passes') return [];
	const { program, origins, notes } = judged.lowered;
	const lines = new Map<string, { readonly thread: number; readonly key: string; readonly origin: number }>();
	program.threads.forEach((thread, index) => thread.code.forEach((op, at) => {
		const origin = origins[op.origin];
		if (!origin || origin.modelled || !SYNCHRONISING.has(op.op) || origin.line === 0 || notes[index]?.[at]?.crossing || notes[index]?.[at]?.inferred) return;
		const id = `${origin.file}:${origin.line}:${op.op === 'trylock' ? 'lock' : op.op}`;
		if (!lines.has(id)) lines.set(id, { thread: index, key: notes[index]?.[at]?.key ?? '', origin: op.origin });
	}));
	const found: LoadBearing[] = [];
	for (const { thread, key, origin } of [...lines.values()].slice(0, LINES_BOUND)) {
		const where = origins[origin];
		if (!where?.file) continue;
		const without = removed(program, notes, thread, key, (each) => origins[each]?.line === where.line && origins[each]?.file === where.file);
		const exploration = yield* explored(without, EXPLORATION);
		const failures = exploration.failures.filter((failure) => failure.check !== 'unlock-not-held');
		if (failures.length > 0) found.push({ file: where.file, line: where.line, inputLine: where.input > 0 ? where.input : null, operation: where.text, failuresWithout: failures.length });
	}
	return found;
}

/** The program without what the line does: a lock goes with its unlocks, a reference with its drops. */
function removed(program: Program, notes: Judged['lowered']['notes'], thread: number, key: string, isLine: (origin: number) => boolean): Program {
	const pairs: Readonly<Record<string, readonly Op['op'][]>> = { lock: ['unlock'], trylock: ['unlock'], get: ['put'], rcu: ['rcu'], 'grace-begin': ['grace-wait'] };
	const code = program.threads[thread]?.code ?? [];
	const taken = code.filter((op) => isLine(op.origin) && SYNCHRONISING.has(op.op));
	const undone = new Set(taken.flatMap((op) => pairs[op.op] ?? []));
	const kinds = new Set(taken.map((op) => op.op));
	return {
		...program,
		threads: program.threads.map((each, index) => (index !== thread ? each : {
			...each,
			code: each.code.map((op, at): Op => {
				const own = isLine(op.origin) && kinds.has(op.op);
				const partner = undone.has(op.op) && (op.op === 'rcu' || op.op === 'grace-wait' || notes[thread]?.[at]?.key === key);
				if (!own && !partner) return op;
				if (op.op === 'trylock') return { op: 'set', dst: op.dst, from: { value: 1 }, origin: op.origin };
				return { op: 'jump', target: at + 1, origin: op.origin };
			}),
		})),
	};
}
