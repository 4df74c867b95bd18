/* The scalable families of shared/peers in the notation of ../notation.ts, loops unrolled so that each operation's address is known. */

export interface FaultTruncOptions {
	readonly faulters: number;
	readonly slots: number;
}

/** Faulting threads against one that truncates, over page cache slots (faulttrunc.pml with the page lock held). */
export const faulttrunc = ({ faulters: N, slots: K }: FaultTruncOptions): string => {
	const each = <T>(count: number, make: (i: number) => T): readonly T[] => Array.from({ length: count }, (_, i) => make(i));
	return `
cells ${each(K, (k) => `plk${k} inc${k}=1 ref${k}=1`).join(' ')} ${each(N * K, (j) => `pte${j}`).join(' ')}
${each(N, (i) => `thread F${i}
${each(K, (k) => `	load n inc${k}
	eq n n 0
	if n goto next${k}
	+ rmw ref${k} add 1
	await plk${k} eq 0
	+ store plk${k} 1
	load n inc${k}
	if n goto map${k}
	+ rmw ref${k} sub 1
	goto unlock${k}
map${k}:
	+ store pte${i * K + k} 1
unlock${k}:
	store plk${k} 0
next${k}:`).join('\n')}`).join('\n')}
thread T
${each(K, (k) => `	await plk${k} eq 0
	+ store plk${k} 1
	* set n 0
${each(N, (i) => `	+ load n pte${i * K + k}
	eq n n 0
	if n goto clear${k}_${i}
	+ store pte${i * K + k} 0
	+ rmw ref${k} sub 1
clear${k}_${i}:`).join('\n')}
	store inc${k} 0
	+ rmw ref${k} sub 1
	store plk${k} 0`).join('\n')}
end:
${each(N * K, (j) => `	load n pte${j}\n	eq n n 0\n	assert n stale-mapping pte${j} is left`).join('\n')}
${each(K, (k) => `	load n ref${k}\n	eq n n 0\n	assert n refcount-leak ref${k} is left`).join('\n')}
`;
};

export type LockOrder = 'opposite' | 'ring' | 'ordered-ring' | 'same';

/** Threads that each take two locks (abba.pml). */
export const abba = (threads: number, order: LockOrder): string => {
	const pair = (i: number): readonly [number, number] => {
		if (order === 'opposite') return [i & 1, 1 - (i & 1)];
		if (order === 'same') return [0, 1];
		const [first, second] = [i, (i + 1) % threads];
		return order === 'ordered-ring' && i === threads - 1 ? [second, first] : [first, second];
	};
	return `
cells ${Array.from({ length: Math.max(2, threads) }, (_, i) => `L${i}`).join(' ')}
${Array.from({ length: threads }, (_, i) => {
	const [a, b] = pair(i);
	return `thread T${i}\n	lock L${a}\n	lock L${b}\n	unlock L${b}\n	unlock L${a}`;
}).join('\n')}
`;
};

/** Threads of so many operations each: on nothing shared, on their own elements, on one counter, or on their own and then one shared. */
export const indep = (threads: number, operations: number, kind: 'local' | 'own' | 'counter' | 'own-then-shared'): string => `
cells ${Array.from({ length: threads }, (_, i) => `g${i}`).join(' ')} c
${Array.from({ length: threads }, (_, i) => `thread T${i}
${Array.from({ length: operations }, (_, k) => {
	if (kind === 'local') return '	* set x 0';
	if (kind === 'own' || (kind === 'own-then-shared' && k < operations - 1)) return `	rmw g${i} add 1`;
	return `	load v c\n	mul v v 2\n	add v v ${i + (kind === 'counter' ? 1 : 0)}\n	mod v v 251\n	+ store c v`;
}).join('\n')}`).join('\n')}
`;
