import type { Lowered } from '../../lower/program';
import { isModelField } from '../../lower/values/access';

/** What a function does that another thread can notice: told from its own operations. */
export interface Summary {
	readonly reads: ReadonlySet<string>;
	readonly writes: ReadonlySet<string>;
	/** Locks by path. */
	readonly locks: ReadonlySet<string>;
	/** Locks taken while another is held: `a>b`. */
	readonly orders: ReadonlySet<string>;
	/** Struct types it frees or drops a reference of. */
	readonly frees: ReadonlySet<string>;
	/** Struct types it touches. */
	readonly types: ReadonlySet<string>;
	readonly rcu: boolean;
	/** Operations that other threads see. */
	readonly visible: number;
	/** Some of what it calls is out of sight. */
	readonly blind: boolean;
}

export function summarize({ program, notes, unmodelled }: Lowered): Summary {
	const reads = new Set<string>();
	const writes = new Set<string>();
	const locks = new Set<string>();
	const orders = new Set<string>();
	const frees = new Set<string>();
	const types = new Set<string>();
	let rcu = false;
	let visible = 0;
	program.threads.forEach((thread, index) => {
		const held: string[] = [];
		thread.code.forEach((op, at) => {
			const key = notes[index]?.[at]?.key ?? '';
			if (op.step) visible++;
			const type = key.split('.')[0] ?? '';
			if (type && !type.startsWith('*')) types.add(type);
			switch (op.op) {
				case 'load': reads.add(key); break;
				case 'store': case 'rmw': case 'cas': case 'enter': writes.add(key); break;
				case 'lock': case 'trylock':
					for (const outer of held) orders.add(`${outer}>${key}`);
					held.push(key);
					locks.add(key);
					break;
				case 'unlock': {
					const from = held.lastIndexOf(key);
					if (from >= 0) held.splice(from, 1);
					break;
				}
				case 'free': case 'put': frees.add(type); break;
				case 'get': writes.add(key); break;
				case 'rcu': case 'grace-begin': rcu = true; break;
				case 'prepare-wait': case 'wake': writes.add(key); break;
			}
		});
	});
	return { reads, writes, locks, orders, frees, types, rcu, visible, blind: unmodelled.length > 0 };
}

const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
	let count = 0;
	for (const each of a) if (b.has(each)) count++;
	return count;
};

/** How much two functions can disturb one another; 0 when they cannot. */
export function conflict(a: Summary, b: Summary): number {
	let score = 0;
	const weigh = (key: string): number => (isModelField(key) ? 1 : 3);
	for (const key of a.writes) if (b.writes.has(key) || b.reads.has(key)) score += weigh(key);
	for (const key of b.writes) if (a.reads.has(key) && !a.writes.has(key)) score += weigh(key);
	score += 6 * (shared(a.frees, b.types) + shared(b.frees, a.types));
	for (const order of a.orders) {
		const [outer = '', inner = ''] = order.split('>');
		if (b.orders.has(`${inner}>${outer}`)) score += 12;
	}
	if (score === 0) return 0;
	return score + 2 * shared(a.locks, b.locks);
}
