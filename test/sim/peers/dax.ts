/*
 * In the notation of ../notation.ts: our own transcription of dax.pml in shared/peers, one step for each of its atomic blocks. `done` counts
 * finished threads there; here the invariants at quiescence take its place.
 */

/** A DAX write over a hole against reads through a mapping (dax.pml). 0: before the patch; 1: as mailed; 2: entry lock first. */
export const dax = (post: 0 | 1 | 2): string => {
	const grab = 'await elk eq 0\n + store elk 1';
	const begin = 'load seen ext';
	const fault = (back: string): string => `
	${post === 2 ? `${grab}\n ${begin}` : `${begin}\n ${grab}`}
	* eq h seen 0
	if h goto hole${back}
	+ store ent 1
	goto map${back}
hole${back}:
	+ store ent 2
map${back}:
	load p pte
	ne p p 3
	if p goto put${back}
	+ load e ent
	+ store pte e
put${back}:
	store elk 0
	goto ${back}`;
	return `
cells ent=3 elk pte=3 ext data wdone done
thread R1
a:
	load p pte
	eq p p 3
	if p goto fault
	+ rmw done add 1
	end
fault:
	${fault('a')}
thread W
	store ext 1
	${post > 0 ? `await elk eq 0
	+ load e ent
	eq e e 3
	if e goto copy
	+ store elk 1
	store pte 3
	store ent 3
	+ store elk 0` : ''}
copy:
	store data 1
	store wdone 1
	+ rmw done add 1
thread R2
	await wdone eq 1
b:
	load p pte
	eq q p 3
	if q goto fault
	eq q p 1
	assert q lost-data the read does not see the data written before
	+ load d data
	eq d d 1
	assert d lost-data the read does not see the data written before
	+ rmw done add 1
	end
fault:
	${fault('b')}
end:
	load p pte
	eq z p 2
	load x ext
	eq x x 1
	and z z x
	eq z z 0
	assert z stale-mapping a zero page is mapped over a block
	eq m p 3
	load e ent
	eq e e p
	or m m e
	assert m stale-mapping what is mapped is not what the slot holds
`;
};
