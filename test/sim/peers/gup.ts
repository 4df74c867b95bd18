/*
 * In the notation of ../notation.ts: our own transcription of gup.pml in shared/peers, one step for each of its atomic blocks. `done` counts
 * finished threads there; here the invariants at quiescence take its place.
 */

export interface GupOptions {
	readonly recheck: boolean;
	readonly waitBusy: boolean;
}

/** Fast page pinning against truncation, and a second file that gets the freed block (gup.pml). */
export const gup = ({ recheck, waitBusy }: GupOptions): string => `
cells pmd=1 ref=1 ext=1 owner=1 disk=0 irqoff=0 m=0 done=0
thread G
	store irqoff 1
	load p pmd
	eq p p 0
	if p goto slow
	rmw ref add 1
	${recheck ? 'load p pmd\n eq p p 0\n if p goto undo' : ''}
	store irqoff 0
dma:
	load o owner
	eq o o 1
	assert o block-reused the device writes to a block that the file gave up
	+ store disk 1
	rmw ref sub 1
	+ rmw done add 1
	end
undo:
	${recheck ? 'rmw ref sub 1' : ''}
slow:
	store irqoff 0
sl:
	await m ge 0
	+ rmw m add 1
	load e ext
	eq e e 0
	if e goto efault
	+ store pmd 1
	rmw m sub 1
	load p pmd
	eq p p 0
	if p goto sl
	+ rmw ref add 1
	goto dma
efault:
	rmw m sub 1
	+ rmw done add 1
	end
thread T
again:
	await m eq 0
	+ store m -1
	store pmd 0
	${waitBusy ? 'load r ref\n gt r r 1\n if r goto busy' : ''}
	store ext 0
	store owner 0
	store m 0
	+ rmw done add 1
	end
	${waitBusy ? 'busy:\n store m 0\n await ref eq 1\n goto again' : ''}
thread A
	await owner eq 0
	+ store owner 2
	store disk 2
	+ rmw done add 1
end:
	load p pmd
	eq p p 0
	load e ext
	or e e p
	assert e stale-mapping the page is mapped although it left the file
	load d disk
	eq d d 2
	assert d lost-data the new owner's data is overwritten
	load r ref
	eq r r 1
	assert r assertion the count is balanced
`;
